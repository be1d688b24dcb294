// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.ingest;

import live.millrace.media.endpoint.ContainerIntake;
import live.millrace.media.endpoint.MediaIntake;

/** A container that is the body of a request. Confined to the session's event loop. */
interface Body extends ContainerIntake.Container {
    /** Makes one for a session. */
    @FunctionalInterface
    interface Maker {
        Body of(MediaIntake media);
    }

    /** What it is called when it is something else. */
    String name();

    /** Whether what came so far can be such a container, or is too little to tell. */
    boolean plausible();
}
