// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import live.millrace.platform.channel.Visibility;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.channel.ChannelView;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Who may what with videos. Thread-safe. */
@Component
public class VideoAccess {
    /**
     * What somebody may with a channel's videos.
     *
     * @param sees private ones as well
     * @param describes words and chapters
     * @param decides who sees it, how long it is kept, and whether there is one
     * @param staff for the site, and so with a reason that is written down
     */
    public record Rights(boolean sees, boolean describes, boolean decides, boolean staff) {
        static final Rights NONE = new Rights(false, false, false, false);
        static final Rights OWNER = new Rights(true, true, true, false);
        static final Rights HELPER = new Rights(true, true, false, false);
        static final Rights STAFF = new Rights(true, true, true, true);

        /** Whether they may add some: who runs the channel, and not in the name of the site. */
        public boolean uploads() {
            return decides && !staff;
        }

        /** Whether it is there for them at all. */
        public boolean sees(VideoView video) {
            return sees || video.visibility() != Visibility.PRIVATE;
        }
    }

    private final VideoHelpers helpers;
    private final VideoStaff staff;
    private final Audit audit;

    VideoAccess(VideoHelpers helpers, VideoStaff staff, Audit audit) {
        this.helpers = helpers;
        this.staff = staff;
        this.audit = audit;
    }

    public Rights of(ChannelView channel, @Nullable AccountPrincipal person) {
        if (person == null) {
            return Rights.NONE;
        }
        if (person.accountId() == channel.accountId()) {
            return Rights.OWNER;
        }
        if (person.staff() && staff.decides(channel, person)) {
            return Rights.STAFF;
        }
        return helpers.describes(channel, person) ? Rights.HELPER : Rights.NONE;
    }

    /** Whether somebody may see a video; that staff looked at what is private is written down. */
    public boolean look(VideoView video, ChannelView channel, @Nullable AccountPrincipal person) {
        Rights rights = of(channel, person);
        if (video.visibility() == Visibility.PRIVATE && rights.staff() && person != null) {
            audit.look(person.actor(), "video.look", channel.name() + " " + video.id(), channel.accountId());
        }
        return rights.sees(video);
    }
}
