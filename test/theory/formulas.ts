/** Queueing theory of c servers behind one line with Poisson arrivals. Times are in the caller's unit, rates in its inverse. */

/**
 * The probability that an arrival waits in M/M/c, by Erlang's recurrence over the number of servers.
 * @param load offered load in servers, λ·E[S] < c
 */
export function erlangC(servers: number, load: number): number {
  let blocked = 1;
  for (let count = 1; count <= servers; count++) blocked = (load * blocked) / (count + load * blocked);
  return blocked / (1 - (load / servers) * (1 - blocked));
}

/** Mean wait in M/M/c. */
export function waitWithExponentialService(servers: number, utilisation: number, meanService: number): number {
  return (erlangC(servers, servers * utilisation) * meanService) / (servers * (1 - utilisation));
}

/**
 * Mean wait in M/G/1, by Pollaczek and Khinchine.
 * @param squaredVariation the service time's variance ÷ its squared mean: 0 fixed, 1 exponential
 */
export function waitAtOneServer(utilisation: number, meanService: number, squaredVariation: number): number {
  return (utilisation * meanService * (1 + squaredVariation)) / (2 * (1 - utilisation));
}

/**
 * Mean wait in M/D/c, numerically exact after Crommelin: whoever is in service now is gone one service time later, so the
 * number in system then is what was in line beyond the servers plus one service time's arrivals. The stationary law of that
 * chain is the queue's; its mean line gives the mean wait by Little's law.
 */
export function waitWithFixedService(servers: number, utilisation: number, service: number): number {
  const load = servers * utilisation;
  const states = Math.ceil(servers + 12 / (1 - utilisation) + 12 * Math.sqrt(load));
  const arrivals = poisson(load, states);
  let law = arrivals;
  for (let change = 1; change > 1e-14; ) {
    const next = new Float64Array(states);
    let idleServers = 0;
    for (let state = 0; state <= servers; state++) idleServers += law[state]!;
    for (let state = 0; state < states; state++) {
      let probability = idleServers * arrivals[state]!;
      for (let line = 1; line <= state && servers + line < states; line++) {
        probability += law[servers + line]! * arrivals[state - line]!;
      }
      next[state] = probability;
    }
    const total = next.reduce((sum, probability) => sum + probability, 0);
    change = 0;
    for (let state = 0; state < states; state++) {
      next[state]! /= total;
      change = Math.max(change, Math.abs(next[state]! - law[state]!));
    }
    law = next;
  }
  const line = law.reduce((sum, probability, state) => sum + Math.max(0, state - servers) * probability, 0);
  return (line * service) / load;
}

/** The first `states` probabilities of Poisson's law. */
function poisson(mean: number, states: number): Float64Array {
  const law = new Float64Array(states);
  let logarithm = -mean;
  for (let state = 0; state < states; state++) {
    law[state] = Math.exp(logarithm);
    logarithm += Math.log(mean / (state + 1));
  }
  return law;
}
