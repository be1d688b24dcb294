// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.notification.internal;

import live.millrace.platform.audience.TicketSpread;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.notification.Notices;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Tells owners what happens to those who watch what is not for everybody. */
@Component
class AudienceNotices {
    private final Notices notices;
    private final Channels channels;

    AudienceNotices(Notices notices, Channels channels) {
        this.notices = notices;
        this.channels = channels;
    }

    @EventListener
    @Transactional
    public void on(TicketSpread event) {
        channels.find(event.channelId())
                .ifPresent(channel ->
                        notices.tell(channel.accountId(), "TICKET_SPREAD", channel.displayName(), "/studio/audience"));
    }
}
