// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.web;

import java.time.Duration;
import java.util.UUID;
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

    ThumbnailController(Thumbnails thumbnails) {
        this.thumbnails = thumbnails;
    }

    @GetMapping("/thumbnails/{broadcast}/{number}")
    @ResponseBody
    ResponseEntity<byte[]> thumbnail(@PathVariable UUID broadcast, @PathVariable long number) {
        Thumbnail newest =
                thumbnails.newestOrLast(broadcast).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        return ResponseEntity.ok()
                .contentType(MediaType.IMAGE_JPEG)
                .cacheControl(CacheControl.maxAge(Duration.ofMinutes(number == newest.number() ? 2 : 0))
                        .cachePublic())
                .body(newest.jpeg());
    }
}
