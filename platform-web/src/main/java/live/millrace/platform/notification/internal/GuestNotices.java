// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.notification.internal;

import live.millrace.platform.audience.GuestNamed;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.notification.Notices;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Rings the bell of whom somebody invites by name, in the transaction that puts them onto the list. */
@Component
class GuestNotices {
    private final Notices notices;
    private final Channels channels;

    GuestNotices(Notices notices, Channels channels) {
        this.notices = notices;
        this.channels = channels;
    }

    @EventListener
    void on(GuestNamed event) {
        channels.find(event.channelId())
                .ifPresent(channel ->
                        notices.tell(event.accountId(), "INVITED", channel.displayName(), "/" + channel.name()));
    }
}
