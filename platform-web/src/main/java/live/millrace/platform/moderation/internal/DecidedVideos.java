// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.ChannelCrew;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.moderation.StaffRights;
import live.millrace.platform.recording.VideoStaff;
import org.springframework.stereotype.Component;

/** Who decides about a channel decides about its videos, and sees what it shows to some. */
@Component
class DecidedVideos implements VideoStaff, ChannelCrew {
    private final StaffRights rights;

    DecidedVideos(StaffRights rights) {
        this.rights = rights;
    }

    @Override
    public boolean decides(ChannelView channel, AccountPrincipal staff) {
        return staff.staff() && rights.againstChannel(staff, channel).isEmpty();
    }

    @Override
    public boolean has(ChannelView channel, AccountPrincipal person) {
        return decides(channel, person);
    }
}
