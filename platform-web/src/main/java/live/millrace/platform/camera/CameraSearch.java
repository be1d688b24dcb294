// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cameras in the networks beside this server that speak ONVIF. Thread-safe. Only for who may search; everybody else is refused in words. */
public interface CameraSearch {
    /** Why a device that answered gives no streams; its texts are {@code camera.search.failure.{name}}. */
    enum Failure {
        UNREACHABLE,
        WRONG_LOGIN,
        /** It speaks, and has nothing to be fetched. */
        NO_PROFILE,
        /** It does not speak ONVIF as it should. */
        PROTOCOL
    }

    /**
     * A device that answered.
     *
     * @param name as it says; empty where it does not
     * @param address where it is, with a port where that is an unusual one
     * @param hardware as it says; empty where it does not
     * @param sealed stands for it in a form that comes back within the hour
     */
    record Device(String name, String address, String hardware, String sealed) {}

    /** @param refused a message key where nobody was asked */
    record Devices(@Nullable String refused, List<Device> devices) {}

    /** Asks all networks who is there. Blocks for some seconds. */
    Devices search(long accountId) throws InterruptedException;

    /**
     * What a device sends.
     *
     * @param resolution for people; empty where it is not known
     * @param codec for people; empty where it is not known
     * @param draft its address with the login, as {@link Cameras#seal} makes it
     */
    record Stream(String name, String resolution, String codec, String draft) {}

    /**
     * What a device said.
     *
     * @param refused a message key where it was not asked
     * @param device which; null where that is not known
     * @param failure why there are no streams; null where there are, or it was not asked
     */
    record Streams(
            @Nullable String refused,
            @Nullable Device device,
            @Nullable Failure failure,
            List<Stream> streams) {
        /** Whether there is something to choose. */
        public boolean good() {
            return refused == null && failure == null;
        }
    }

    /**
     * Asks a device what it sends. Blocks for some seconds.
     *
     * @param sealed the device, as a search gave it to the same account
     * @param user empty for none
     */
    Streams streams(long accountId, String sealed, String user, String password) throws InterruptedException;
}
