// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

/** What a camera does, for people. */
public enum CameraState {
    /** Nobody watches; it is fetched when somebody does. */
    READY,
    STARTING,
    RUNNING,
    /** It failed, and is tried again by itself. */
    RETRYING,
    /** It failed in a way that somebody has to mend. */
    FAILED,
    /** It is not fetched: its owner may not have a camera now, or what is kept of it cannot be read. */
    OFF
}
