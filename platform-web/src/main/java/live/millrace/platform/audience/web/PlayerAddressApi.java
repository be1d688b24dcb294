// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import live.millrace.platform.audience.Audience;
import live.millrace.platform.audience.TicketedMedia;
import live.millrace.platform.audience.Tickets;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.audience.Viewers;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.engine.MediaAddresses;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Addresses for players elsewhere, VLC or a television, for whoever may watch a channel that is not for everybody. */
@RestController
class PlayerAddressApi {
    record Named(@Nullable String name) {}

    /**
     * An address that opens by itself.
     *
     * @param url of the multivariant playlist; it is as good as a key
     * @param others the same in other protocols
     * @param until with the end of the broadcast if that is earlier and no camera's
     */
    record Address(String url, List<MediaAddresses.Other> others, Instant until) {
        @Override
        public String toString() {
            return "Address[" + until + "]";
        }
    }

    private final Channels channels;
    private final Audience audience;
    private final Viewers viewers;
    private final Tickets tickets;
    private final TicketedMedia media;
    private final MessageSource messages;
    private final Clock clock;

    PlayerAddressApi(
            Channels channels,
            Audience audience,
            Viewers viewers,
            Tickets tickets,
            TicketedMedia media,
            MessageSource messages,
            Clock clock) {
        this.channels = channels;
        this.audience = audience;
        this.viewers = viewers;
        this.tickets = tickets;
        this.media = media;
        this.messages = messages;
        this.clock = clock;
    }

    @PostMapping("/api/v1/channels/{name}/player-addresses")
    @ResponseStatus(HttpStatus.CREATED)
    Address make(
            @PathVariable String name,
            @RequestBody Named wanted,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response) {
        Viewer viewer = viewers.of(request);
        ChannelView channel = channels.find(name)
                .filter(found -> !found.visibility().open()
                        && audience.access(found, viewer).open())
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such channel."));
        String called = wanted.name() == null
                ? ""
                : wanted.name().replaceAll("[\\s\\p{Cc}]+", " ").strip();
        if (called.isEmpty() || called.length() > Tickets.MAX_NAME) {
            throw new ResponseStatusException(
                    HttpStatus.UNPROCESSABLE_CONTENT,
                    messages.getMessage("share.player.name.length", new Object[] {Tickets.MAX_NAME}, locale));
        }
        String secret = tickets.issue(channel, viewer, called)
                .orElseThrow(() -> new ResponseStatusException(
                        HttpStatus.CONFLICT, messages.getMessage("share.player.too-many", null, locale)));
        response.setHeader("Cache-Control", "no-store");
        return new Address(
                media.by(secret, request, channel),
                media.others(secret, request, channel),
                clock.instant().plus(Tickets.PLAYER));
    }
}
