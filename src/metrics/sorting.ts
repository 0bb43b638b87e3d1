/** Sorts columns of times. */

/** Sorts in place, NaN last. Rows come in order as a rule, and to see that takes a fraction of the time of sorting. */
export function sorted(times: Float64Array): Float64Array {
  for (let index = 1; index < times.length; index++) {
    // False for NaN, too.
    if (!(times[index - 1]! <= times[index]!)) return times.sort();
  }
  return times;
}

/** The indices of times in the order of these, equal ones in their own. */
export function orderOfTimes(times: Float64Array): Int32Array {
  const order = Int32Array.from({ length: times.length }, (_, index) => index);
  return order.sort((one, other) => times[one]! - times[other]! || one - other);
}
