// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

import java.time.Instant;
import live.millrace.platform.engine.FetchFailure;
import org.jspecify.annotations.Nullable;

/**
 * A camera as its owner sees it.
 *
 * @param address without secrets
 * @param user empty where nobody logs in
 * @param password whether one is kept
 * @param failure of the last attempt; null where it did not fail
 * @param lastSeen when media came last; null for never
 * @param snapshotAt when its kept picture was taken; null where there is none
 */
public record CameraView(
        long channelId,
        String address,
        String user,
        boolean password,
        boolean always,
        boolean udp,
        CameraState state,
        @Nullable FetchFailure failure,
        @Nullable Instant lastSeen,
        @Nullable Instant snapshotAt) {

    /** Why it does not work, as texts below {@code camera.failure} say it; null where it works. A log-in that nobody gave is not wrong. */
    public @Nullable String reason() {
        return failure == null ? null : reason(failure, !user.isEmpty() || password);
    }

    /**
     * Why something does not work, as texts below {@code camera.failure} say it.
     *
     * @param login whether a user or a password was given
     */
    public static String reason(FetchFailure failure, boolean login) {
        return failure == FetchFailure.WRONG_LOGIN && !login ? "NO_LOGIN" : failure.name();
    }

    /** Its log-in was wrong, and is not tried again by itself. */
    public boolean stopped() {
        return state == CameraState.FAILED && failure == FetchFailure.WRONG_LOGIN;
    }
}
