// Distances of coordinates, for programs that are handed coordinates and run no node, such as `serf rtt`: an
// entry of its own, because a bundle that reaches into the package's main entry takes all of serf with it.

export { type Coordinate, coordinateDistanceMs } from './core/coordinate/coordinate.ts';
