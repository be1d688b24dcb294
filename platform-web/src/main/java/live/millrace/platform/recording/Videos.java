// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.channel.Visibility;

/** Videos for whoever shows them. Deleted ones are found nowhere but where it says so. Thread-safe. */
public interface Videos {
    Optional<VideoView> find(String id);

    /**
     * Of a channel, the newest first.
     *
     * @param shown those that whoever asks is shown
     * @param before only those that began before the one with this id; empty for the newest
     */
    List<VideoView> ofChannel(long channelId, Set<Visibility> shown, Optional<String> before, int most);

    /** All there are of a channel, for those who run it. */
    default List<VideoView> allOfChannel(long channelId, Optional<String> before, int most) {
        return ofChannel(channelId, EnumSet.allOf(Visibility.class), before, most);
    }

    /** Public ones of all channels that are whole, the newest first; some seconds old at most. */
    List<VideoView> recent(int most);

    /** Public ones of these channels that are whole, the newest first. */
    List<VideoView> ofChannels(Collection<Long> channelIds, int most);

    /** Public ones whose words are like these. */
    List<VideoView> search(String words, int most);

    /** What comes after a video: the next public one of its channel, or the newest but this when there is none. */
    Optional<VideoView> after(VideoView video);

    /**
     * One that was deleted, and can be had back for a while.
     *
     * @param until when its bytes go
     */
    record Deleted(VideoView video, Instant until) {}

    /** Of a channel, what was deleted and can be had back by those who run it; the last first. */
    List<Deleted> deleted(long channelId, int most);

    /** One that was deleted, whoever did it. */
    Optional<Deleted> deleted(String id);

    /** What a video consists of, in order. */
    List<VideoChapter> chapters(VideoView video);

    /** What its broadcast was tagged with. */
    List<String> tags(VideoView video);

    /** The addresses of pictures of them, by their names; those without one are left out. */
    Map<String, String> pictures(Collection<VideoView> videos);

    /** Whether it was a file, and never on air. */
    boolean uploaded(VideoView video);

    /** Whether anything is heard in it. */
    boolean sounds(VideoView video);

    /** Whether staff took it from view. */
    boolean withheld(VideoView video);
}
