// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import java.time.Duration;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.WatchedVideos;
import live.millrace.platform.recording.internal.replay.Positions;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Where somebody who is signed in is in a video: its page tells every some seconds, and goes on there. */
@RestController
class PositionController {
    /** No broadcast lasts longer. */
    private static final long LONGEST_MILLIS = Duration.ofDays(365).toMillis();

    /** @param positionMillis of media; 0 forgets where it was */
    record Position(@Nullable Long positionMillis) {}

    private final WatchedVideos videos;
    private final Positions positions;

    PositionController(WatchedVideos videos, Positions positions) {
        this.videos = videos;
        this.positions = positions;
    }

    @PutMapping("/videos/{id}/position")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void put(
            @PathVariable String id,
            @RequestBody Position position,
            @AuthenticationPrincipal AccountPrincipal principal) {
        Long millis = position.positionMillis();
        if (millis == null || millis < 0 || millis > LONGEST_MILLIS) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "positionMillis is a time within the video.");
        }
        VideoView video =
                videos.find(id, principal).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        positions.put(principal.accountId(), video.id(), millis);
    }
}
