// A line that is drawn around sounds on the map, and the sounds in it.

/** Units of the map between two corners of the line, so that it does not have thousands. */
const FINE = 60;

export class Lasso {
  /** The corners, one after the other: x and y in units of the map. */
  corners = [];

  /** Leads the line on to a place. */
  add(x, y) {
    const last = this.corners.at(-1);
    if (!last || Math.hypot(x - last[0], y - last[1]) >= FINE) this.corners.push([x, y]);
  }

  /** Whether a place is inside, the line's ends being joined: a ray from it crosses the line an odd number of times. */
  has(x, y) {
    let isInside = false;
    let [x0, y0] = this.corners.at(-1);
    for (const [x1, y1] of this.corners) {
      if (y0 > y !== y1 > y && x < x0 + (y - y0) / (y1 - y0) * (x1 - x0)) isInside = !isInside;
      [x0, y0] = [x1, y1];
    }
    return isInside;
  }

  /** The points inside that are `wanted`: places in the columns, `most` of them at the most. */
  inside(points, wanted, most) {
    const places = [];
    if (this.corners.length < 3) return places;
    for (let i = 0; i < points.count && places.length < most; i++) {
      if (wanted(i) && this.has(points.x[i], points.y[i])) places.push(i);
    }
    return walk(points, places);
  }
}

/** Some points in an order in which each is followed by the nearest that is left, from the leftmost on: what sounds alike
 * comes one after the other. */
function walk(points, places) {
  const left = [...places].sort((a, b) => points.x[a] - points.x[b]);
  const way = left.splice(0, 1);
  while (left.length) {
    const here = way.at(-1), x = points.x[here], y = points.y[here];
    let best = 0, least = Infinity;
    for (let at = 0; at < left.length; at++) {
      const distance = (points.x[left[at]] - x) ** 2 + (points.y[left[at]] - y) ** 2;
      if (distance < least) [best, least] = [at, distance];
    }
    way.push(left[best]);
    left[best] = left.at(-1);
    left.pop();
  }
  return way;
}
