// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal.onvif;

import live.millrace.platform.camera.CameraSearch.Failure;

/** A device did not say what it was asked. */
public final class OnvifException extends Exception {
    private static final long serialVersionUID = 1;

    private final Failure failure;

    /** Without a cause: what a device answered belongs into no log. */
    OnvifException(Failure failure, String why) {
        super(why, null, false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
