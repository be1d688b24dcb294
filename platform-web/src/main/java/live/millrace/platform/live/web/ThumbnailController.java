// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.web;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import live.millrace.platform.audience.Audience;
import live.millrace.platform.audience.Viewers;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.live.internal.Thumbnails;
import live.millrace.platform.live.internal.Thumbnails.Thumbnail;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.server.ResponseStatusException;

/** Serves thumbnails, also of a channel's last broadcast. The number in an address is one picture's; whoever asks for an older one gets the newest, to be asked for again. */
@Controller
class ThumbnailController {
    private final Thumbnails thumbnails;
    private final Broadcasting broadcasting;
    private final Channels channels;
    private final Audience audience;
    private final Viewers viewers;

    ThumbnailController(
            Thumbnails thumbnails, Broadcasting broadcasting, Channels channels, Audience audience, Viewers viewers) {
        this.thumbnails = thumbnails;
        this.broadcasting = broadcasting;
        this.channels = channels;
        this.audience = audience;
        this.viewers = viewers;
    }

    @GetMapping("/thumbnails/{broadcast}/{number}")
    @ResponseBody
    ResponseEntity<byte[]> thumbnail(@PathVariable UUID broadcast, @PathVariable long number) {
        Thumbnail newest =
                thumbnails.newestOrLast(broadcast).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        Optional<ChannelView> limited = broadcasting
                .channelOf(broadcast)
                .flatMap(channels::find)
                .filter(channel -> !channel.visibility().open());
        if (limited.isPresent()
                && !audience.access(limited.get(), viewers.current()).open()) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return ResponseEntity.ok()
                .contentType(MediaType.IMAGE_JPEG)
                .cacheControl(
                        limited.isPresent()
                                ? CacheControl.noStore().cachePrivate()
                                : CacheControl.maxAge(Duration.ofMinutes(number == newest.number() ? 2 : 0))
                                        .cachePublic())
                .body(newest.jpeg());
    }
}
