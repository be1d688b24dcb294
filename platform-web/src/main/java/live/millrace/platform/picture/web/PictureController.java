// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.picture.web;

import java.time.Duration;
import live.millrace.platform.picture.Pictures;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Gives pictures out. An address never changes its content, so browsers keep it. */
@RestController
class PictureController {
    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final Pictures pictures;

    PictureController(Pictures pictures) {
        this.pictures = pictures;
    }

    @GetMapping("/pictures/{name}")
    ResponseEntity<byte[]> picture(@PathVariable String name) {
        Pictures.Stored found =
                pictures.find(name).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(found.contentType()))
                .cacheControl(CacheControl.maxAge(FOR_EVER).cachePublic().immutable())
                .body(found.bytes());
    }
}
