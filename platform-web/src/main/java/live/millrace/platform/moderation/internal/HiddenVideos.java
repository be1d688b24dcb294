// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import java.util.List;
import java.util.OptionalLong;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.chat.VideoComments;
import live.millrace.platform.recording.VideoDesk;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import org.springframework.stereotype.Component;

/** Takes videos, and comments below them, from view, and shows them again. */
@Component
class HiddenVideos {
    /** What cases are told of how one was shown, by the place in this list: it grows at its end alone. */
    private static final List<Visibility> SHOWN = List.of(
            Visibility.PUBLIC,
            Visibility.UNLISTED,
            Visibility.REGISTERED,
            Visibility.FOLLOWERS,
            Visibility.INVITED,
            Visibility.PASSWORD);

    private final Videos videos;
    private final VideoDesk desk;
    private final VideoComments comments;

    HiddenVideos(Videos videos, VideoDesk desk, VideoComments comments) {
        this.videos = videos;
        this.desk = desk;
        this.comments = comments;
    }

    /**
     * Hides one.
     *
     * @return how it was listed before; empty where nobody could see it anyway, or it is gone
     */
    OptionalLong hide(String id) {
        Visibility before = videos.find(id).map(VideoView::visibility).orElse(Visibility.PRIVATE);
        if (before == Visibility.PRIVATE) {
            return OptionalLong.empty();
        }
        desk.edit(id, VideoDesk.Edit.visibility(Visibility.PRIVATE), true);
        return OptionalLong.of(SHOWN.indexOf(before));
    }

    /** Shows one that is hidden to those who could see it; its owner may decide again. */
    void show(String id, long before) {
        videos.find(id).filter(videos::withheld).ifPresent(_ -> {
            desk.edit(id, VideoDesk.Edit.visibility(Visibility.PUBLIC), true);
            if (before > 0 && before < SHOWN.size()) {
                desk.edit(id, VideoDesk.Edit.visibility(SHOWN.get((int) before)), false);
            }
        });
    }

    /** Removes a comment; answers whether it was there. */
    boolean hideComment(long id, long by) {
        return comments.hide(id, by);
    }

    void showComment(long id) {
        comments.show(id);
    }
}
