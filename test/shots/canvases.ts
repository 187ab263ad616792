/** Screens the rooms are made for, CSS pixels and `@` the device pixel ratio (issue texts name the walls). */
export const CANVASES = {
  desk: ['1280x720', '1920x1080', '1920x1080@2'],
  wall: ['1920x1080', '1920x1080@2', '3840x2160', '3840x1080', '5760x1080', '5760x2160', '4160x2430', '11520x3240'],
  review: ['1280x720', '1920x1080', '1920x1080@2'],
} as const;
