// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.engine.FetchTrial;
import org.jspecify.annotations.Nullable;

/** All cameras. Thread-safe. Who may change which is for those to say who ask. */
public interface Cameras {
    /** Characters of an address. */
    int MOST_ADDRESS = 1_000;

    /** Characters of a user, and of a password. */
    int MOST_LOGIN = 200;

    /** The camera of a channel; empty where it has none. */
    Optional<CameraView> of(long channelId);

    /** Those of some channels, by channel. */
    Map<Long, CameraView> of(List<Long> channelIds);

    /** Whether a channel is a camera that plays when somebody asks for it. Reads memory. */
    boolean ready(String channel);

    /**
     * A camera that everybody may see and nobody watches.
     *
     * @param snapshotAt when its kept picture was taken; null where there is none, or it is not for everybody
     */
    record Resting(ChannelView channel, @Nullable Instant snapshotAt) {
        /** Where its picture is; null where there is none. */
        public @Nullable String picture() {
            return snapshotAt == null
                    ? null
                    : "/api/v1/channels/" + channel.name() + "/snapshot.jpg?at=" + snapshotAt.getEpochSecond();
        }
    }

    /** Listed cameras that are ready and not on, those with the newest pictures first. */
    List<Resting> resting(int most);

    /**
     * Makes a channel a camera, or changes where it is fetched from. Where the address is the one that is shown, what is kept of it stays; so
     * does the password where none is given and the user is the same.
     *
     * @return a message key where that cannot be
     */
    Optional<String> put(long accountId, long channelId, CameraWish wish);

    /**
     * Keeps what a trial showed as the picture of a channel's camera, until there is a newer one. Nothing where it has one, or none may be kept.
     *
     * @param jpeg not changed afterwards
     */
    void keepPicture(long channelId, byte[] jpeg);

    /** Fetches a channel's stream no more; answers whether it was. */
    boolean remove(long channelId);

    /**
     * How a trial went.
     *
     * @param refused a message key where nothing was tried
     * @param trial what it came to; null where nothing was tried
     * @param jpeg what the camera shows; null where that is not known
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Tried(@Nullable String refused, @Nullable FetchTrial trial, byte @Nullable [] jpeg) {
        /** Whether it can be had. */
        public boolean good() {
            return trial != null && trial.failure() == null;
        }
    }

    /** Tries an address for somebody. Blocks for some seconds at most. */
    Tried attempt(long accountId, CameraWish wish) throws InterruptedException;

    /** The same for a channel's camera: with what is kept of it where {@link #put} would keep it. */
    Tried attempt(long accountId, long channelId, CameraWish wish) throws InterruptedException;

    /** What was typed, encrypted for a form that comes back within the hour. */
    String seal(long accountId, CameraWish wish);

    /** What a form brought back; empty where it is too late, or somebody else's. */
    Optional<CameraWish> unseal(long accountId, String sealed);

    /** How a typed address is shown, without its secrets. */
    String shown(CameraWish wish);
}
