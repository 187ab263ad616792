/** Kept until its last importer is gone: the detectors live in `core/privacy`. */
export { type PersonDetector, personLike } from '../privacy/detectors.ts';
