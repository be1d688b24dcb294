// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.Access;
import live.millrace.platform.audience.Audience;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.audience.Viewers;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Visibility;
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
    }

    private final VideoHelpers helpers;
    private final VideoStaff staff;
    private final Audit audit;
    private final Audience audience;
    private final Viewers viewers;

    VideoAccess(VideoHelpers helpers, VideoStaff staff, Audit audit, Audience audience, Viewers viewers) {
        this.helpers = helpers;
        this.staff = staff;
        this.audit = audit;
        this.audience = audience;
        this.viewers = viewers;
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
        boolean open = sees(channel, video.visibility(), person);
        if (video.visibility().secret() && rights.staff() && person != null) {
            audit.look(person.actor(), "video.look", channel.name() + " " + video.id(), channel.accountId());
        }
        return open || rights.sees();
    }

    /** Whether somebody may see what a channel shows to some. */
    public boolean sees(ChannelView channel, Visibility visibility, @Nullable AccountPrincipal person) {
        return audience.access(channel, visibility, viewer(person)).open();
    }

    /** What hears somebody who may not. Of what is secret that is nothing, which takes no time. */
    public Access closed(ChannelView channel, Visibility visibility, @Nullable AccountPrincipal person) {
        return visibility.secret() ? Access.HIDDEN : audience.access(channel, visibility, viewer(person));
    }

    /** Of a channel's videos those that lists show somebody. The site's people find what is not for them in the console, and by its address. */
    public Set<Visibility> listed(ChannelView channel, @Nullable AccountPrincipal person) {
        Rights rights = of(channel, person);
        if (rights.sees() && !rights.staff()) {
            return EnumSet.allOf(Visibility.class);
        }
        Set<Visibility> listed = EnumSet.of(Visibility.PUBLIC);
        if (!rights.staff()) {
            Viewer viewer = viewer(person);
            EnumSet.of(Visibility.REGISTERED, Visibility.FOLLOWERS, Visibility.INVITED, Visibility.PASSWORD).stream()
                    .filter(visibility ->
                            audience.access(channel, visibility, viewer).open())
                    .forEach(listed::add);
        }
        return listed;
    }

    /** Of a channel's clips those that lists show somebody. */
    public Clips.Shown clips(ChannelView channel, @Nullable AccountPrincipal person) {
        return new Clips.Shown(listed(channel, person), person == null ? null : person.accountId());
    }

    /** Of a video's clips those that its page shows somebody who may see it: also those that are listed nowhere else, as it is. */
    public Clips.Shown clips(VideoView video, ChannelView channel, @Nullable AccountPrincipal person) {
        Set<Visibility> shown = EnumSet.copyOf(listed(channel, person));
        shown.add(video.visibility());
        return new Clips.Shown(shown, person == null ? null : person.accountId());
    }

    private Viewer viewer(@Nullable AccountPrincipal person) {
        Viewer current = viewers.current();
        AccountPrincipal there = current.person();
        boolean same = person == null ? there == null : there != null && there.accountId() == person.accountId();
        return same ? current : new Viewer(person, Map.of(), Set.of());
    }
}
