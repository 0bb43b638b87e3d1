/** The script of each shell: it asks the program for the words, and evaluates nothing of what has been typed. */
import { completionRequest } from "./request.ts";
import { filesLine } from "./shell.ts";

const program = "throttle-bench";

/** It runs in bash 3.2, too, which macOS has, and needs no bash-completion. */
const bash = `# bash completion of ${program}
_throttle_bench() {
  local line="\${COMP_LINE:0:COMP_POINT}" words=() word="" rest="" answer=""
  read -r -a words <<< "$line"
  [[ "$line" == *[[:space:]] ]] && words+=("")
  word="\${words[\${#words[@]}-1]}"
  # Readline replaces only what comes after the last of these characters.
  local before="\${word%"\${word##*[=:]}"}"
  [[ "$COMP_WORDBREAKS" == *=* ]] || before=""
  COMPREPLY=()
  while IFS=$'\\t' read -r answer rest; do
    if [[ "$answer" == "${filesLine}" ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r answer; do COMPREPLY+=("$answer"); done < <(compgen -f -- "\${word#"$before"}")
    else
      [[ "$answer" == *= ]] && compopt -o nospace 2>/dev/null
      COMPREPLY+=("\${answer#"$before"}")
    fi
  done < <("$1" ${completionRequest} "\${words[@]:1}" 2>/dev/null)
}
complete -F _throttle_bench ${program}
`;

const zsh = `#compdef ${program}
# zsh completion of ${program}
_throttle_bench() {
  local line word about
  local -a whole open
  for line in "\${(@f)$("\${words[1]}" ${completionRequest} "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ "$line" == "${filesLine}" ]] && { [[ "$PREFIX" == --*=* ]] && compset -P '*='; _files; return; }
    word="\${line%%$'\\t'*}"
    about="\${line#*$'\\t'}"
    [[ -z "$word" ]] && continue
    if [[ "$word" == *= ]]; then
      open+=("\${word//:/\\\\:}:$about")
    else
      whole+=("\${word//:/\\\\:}:$about")
    fi
  done
  (( \${#whole} )) && _describe '${program}' whole
  (( \${#open} )) && _describe '${program}' open -S ''
}
if [[ "\${funcstack[1]}" == _throttle_bench ]]; then
  _throttle_bench
else
  compdef _throttle_bench ${program}
fi
`;

const fish = `# fish completion of ${program}
function __throttle_bench_words
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    for line in ($typed[1] ${completionRequest} $typed[2..-1] "$current" 2>/dev/null)
        if test "$line" = "${filesLine}"
            __fish_complete_path "$current"
        else
            echo $line
        end
    end
end
complete -c ${program} -f -a '(__throttle_bench_words)'
`;

/** Each script by the name of its shell. */
export const scripts = { bash, zsh, fish };
