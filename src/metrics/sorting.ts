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
  const count = times.length;
  const order = new Int32Array(count);
  let least = Infinity;
  let greatest = -Infinity;
  let areWhole = true;
  for (let index = 0; index < count; index++) {
    const time = times[index]!;
    order[index] = index;
    least = Math.min(least, time);
    greatest = Math.max(greatest, time);
    areWhole &&= Number.isInteger(time);
  }
  const isExact = areWhole && (greatest - least + 1) * count <= Number.MAX_SAFE_INTEGER;
  if (!isExact) return order.sort((one, other) => times[one]! - times[other]! || one - other);
  // Numbers that hold a time and its index are sorted in a fraction of the time that a function takes which compares two.
  const keys = times.map((time, index) => (time - least) * count + index).sort();
  for (let place = 0; place < count; place++) order[place] = keys[place]! % count;
  return order;
}
