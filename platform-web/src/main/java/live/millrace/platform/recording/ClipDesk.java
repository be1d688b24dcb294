// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Visibility;
import org.jspecify.annotations.Nullable;

/** Makes and changes clips. Thread-safe. */
public interface ClipDesk {
    int MAX_TITLE = 100;

    /** Of one person, in a day. */
    int MOST_A_DAY = 50;

    /**
     * What clips can be made of, as it is now.
     *
     * @param video what is, or was, broadcast
     * @param durationMillis of what there is to clip
     * @param live it is on air: clips are short
     */
    record Source(VideoView video, ChannelView channel, long durationMillis, boolean live) {
        private static final long LEAST = 1_000;
        private static final long LEAST_LIVE = 5_000;
        private static final long MOST = 600_000;
        private static final long MOST_LIVE = 90_000;

        /** What a clip lasts at least. */
        public long leastMillis() {
            return live ? LEAST_LIVE : LEAST;
        }

        /** What a clip lasts at most. */
        public long mostMillis() {
            return live ? MOST_LIVE : MOST;
        }
    }

    /** What came of a wish. */
    sealed interface Answer {
        /** There is a clip. */
        record Made(String id) implements Answer {}

        /** @param key of the message that says what stands against it */
        record Refused(String key) implements Answer {}
    }

    /** What a channel has on air, as far as it is recorded; also for fewer than may see it now, and that is for who asks to find out. */
    Optional<Source> live(ChannelView channel);

    /** A video that somebody may see. */
    Source of(VideoView video, ChannelView channel);

    /**
     * What stands against it that somebody makes clips of a channel's broadcasts, whichever.
     *
     * @return a message key
     */
    Optional<String> against(ChannelView channel, AccountPrincipal person);

    /**
     * Makes a clip.
     *
     * @param fromMillis in media time of the video
     * @param toMillis likewise
     * @param title blank for that of the video
     */
    Answer make(Source source, AccountPrincipal person, long fromMillis, long toMillis, @Nullable String title);

    /**
     * Gives a clip another name.
     *
     * @return a message key that says what stands against it; empty when it is done
     */
    Optional<String> rename(String id, String title);

    /**
     * Changes who may see a clip; never beyond those who may see the video that holds it.
     *
     * @param widens whether more may see it than before: its channel's owner alone says so
     * @return a message key that says what stands against it; empty when it is done
     */
    Optional<String> show(String id, Visibility visibility, boolean widens);

    /** Deletes a clip, and what it has of its own; answers whether it was there. */
    boolean delete(String id, long by);
}
