// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import java.time.Duration;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.recording.internal.videos.VideoPictures;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.server.ResponseStatusException;

/** Serves pictures of videos and clips to whoever may see their pages. The number in an address is one picture's: after a trim there is another. */
@Controller
class VideoPictureController {
    /** What is hidden or taken away is not shown for long. */
    private static final Duration KEPT = Duration.ofMinutes(2);

    private final VideoPictures pictures;
    private final WatchedVideo watched;
    private final FoundClip clips;

    VideoPictureController(VideoPictures pictures, WatchedVideo watched, FoundClip clips) {
        this.pictures = pictures;
        this.watched = watched;
        this.clips = clips;
    }

    @GetMapping("/videos/{video}/picture/{number}")
    @ResponseBody
    ResponseEntity<byte[]> video(
            @PathVariable String video,
            @PathVariable long number,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal) {
        boolean open = watched.find(video, principal).video().visibility().open();
        return answer(pictures.video(video, number), kept(open), WatchedVideo.missing());
    }

    @GetMapping("/clips/{clip}/picture/{number}")
    @ResponseBody
    ResponseEntity<byte[]> clip(
            @PathVariable String clip,
            @PathVariable long number,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal) {
        boolean open = clips.find(clip, principal).clip().shown().open();
        return answer(pictures.clip(clip, number), kept(open), FoundClip.missing());
    }

    private static CacheControl kept(boolean open) {
        return open
                ? CacheControl.maxAge(KEPT).cachePublic()
                : CacheControl.noStore().cachePrivate();
    }

    private static ResponseEntity<byte[]> answer(
            Optional<byte[]> jpeg, CacheControl kept, ResponseStatusException missing) {
        return ResponseEntity.ok()
                .contentType(MediaType.IMAGE_JPEG)
                .cacheControl(kept)
                .body(jpeg.orElseThrow(() -> missing));
    }
}
