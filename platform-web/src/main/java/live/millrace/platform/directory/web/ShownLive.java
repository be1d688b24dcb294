// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import live.millrace.platform.audience.Audience;
import live.millrace.platform.audience.Viewers;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.live.LiveCard;
import org.springframework.stereotype.Component;

/** What is not for everybody, in the lists of whoever follows it or was invited, and may watch it. Looked up once for each request. */
@Component
class ShownLive {
    private static final String CHANNELS = ShownLive.class.getName();

    /** Channels, and those of them that are live. */
    private record Shown(List<ChannelView> channels, List<LiveCard> live) {}

    private final Audience audience;
    private final Viewers viewers;
    private final Broadcasting broadcasting;

    ShownLive(Audience audience, Viewers viewers, Broadcasting broadcasting) {
        this.audience = audience;
        this.viewers = viewers;
        this.broadcasting = broadcasting;
    }

    private Shown shown(HttpServletRequest request) {
        if (request.getAttribute(CHANNELS) instanceof Shown known) {
            return known;
        }
        List<ChannelView> channels = audience.shownTo(viewers.of(request));
        Shown shown = new Shown(channels, broadcasting.live(channels));
        request.setAttribute(CHANNELS, shown);
        return shown;
    }

    /** By their ids. */
    List<Long> channels(HttpServletRequest request) {
        return shown(request).channels.stream().map(ChannelView::id).toList();
    }

    List<LiveCard> live(HttpServletRequest request) {
        return shown(request).live;
    }
}
