import type { CameraView, CityMap } from '../../../map/contract.ts';

type Locked = Pick<CityMap, 'camera' | 'jumpTo' | 'onCamera'>;

/** How far the second camera stands from the first, in degrees; 0, 0 = the same place. */
export interface CameraShift {
  readonly lng: number;
  readonly lat: number;
}

/** Two maps, one camera: whichever is moved, the other follows in the same frame. @returns unlocks them */
export function lockCameras(first: Locked, second: Locked, shift: CameraShift): () => void {
  // A jump is itself a move: the one that follows must not be followed.
  let following = false;
  const follow = (from: Locked, to: Locked, sign: 1 | -1) => () => {
    const view = from.camera();
    if (following || !view) return;
    following = true;
    try {
      to.jumpTo(shifted(view, shift, sign));
    } finally {
      following = false;
    }
  };
  const lead = follow(first, second, 1);
  const stops = [first.onCamera(lead), second.onCamera(follow(second, first, -1))];
  lead();
  return () => {
    for (const stop of stops) stop();
  };
}

export function shifted(view: CameraView, { lng, lat }: CameraShift, sign: 1 | -1): CameraView {
  return { ...view, lng: view.lng + sign * lng, lat: view.lat + sign * lat };
}
