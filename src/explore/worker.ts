/** The thread of the page that simulates. Its first message brings what the page knows, and each that follows is a request. */
import { config } from "zod";
import { messageOf } from "../errors.ts";
import { Answers } from "./answer.ts";
import type { Explored, Reply, Request } from "./question.ts";

// The page forbids code that is made of text, and even to try whether it may be is an error in its console.
config({ jitless: true });

/** The browser's own, of which Node.js has another. */
interface Thread {
  onmessage: (message: { data: unknown }) => void;
  postMessage(reply: Reply | { bug: string }): void;
}

const thread = globalThis as unknown as Thread;

thread.onmessage = ({ data: explored }) => {
  const answers = new Answers(explored as Explored, () => performance.now());
  thread.onmessage = ({ data: request }) => {
    replyTo(request as Request, answers).then(
      (reply) => thread.postMessage(reply),
      (failure) => thread.postMessage({ bug: failure instanceof Error ? (failure.stack ?? "") : messageOf(failure) }),
    );
  };
};

async function replyTo(request: Request, answers: Answers): Promise<Reply> {
  if ("ask" in request) return { answer: await answers.to(request.ask) };
  return { kept: "keep" in request ? answers.keep() : answers.forget() };
}
