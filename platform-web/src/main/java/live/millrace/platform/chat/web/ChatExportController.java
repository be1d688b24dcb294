// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.internal.room.LiveRooms;
import live.millrace.platform.chat.internal.room.ReplayedMessages;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.WatchedVideos;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** All that was said while a video was on air, as one file. It is written as it is read: however long the broadcast was, none of it piles up. */
@RestController
class ChatExportController {
    private final ReplayedMessages messages;
    private final LiveRooms rooms;
    private final Channels channels;
    private final WatchedVideos videos;
    private final JsonMapper json;
    private final Clock clock;

    ChatExportController(
            ReplayedMessages messages,
            LiveRooms rooms,
            Channels channels,
            WatchedVideos videos,
            JsonMapper json,
            Clock clock) {
        this.messages = messages;
        this.rooms = rooms;
        this.channels = channels;
        this.videos = videos;
        this.json = json;
        this.clock = clock;
    }

    /** Messages are as they are for pages; the video's beginning and its gaps say where in it each was written. */
    @GetMapping("/api/v1/videos/{id}/chat")
    void file(
            @PathVariable String id,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            HttpServletResponse response)
            throws IOException {
        VideoView video =
                videos.find(id, principal).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        ChannelView channel =
                channels.find(video.channelId()).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        Instant ended = video.endedAt() == null ? clock.instant() : video.endedAt();
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader(
                "Content-Disposition",
                ContentDisposition.attachment()
                        .filename(channel.name() + "-" + video.id() + "-chat.json")
                        .build()
                        .toString());
        try (JsonGenerator out = json.createGenerator(response.getOutputStream())) {
            out.writeStartObject();
            out.writeStringProperty("video", video.id());
            out.writeStringProperty("channel", channel.name());
            out.writeStringProperty("title", video.title());
            out.writeStringProperty("startedAt", video.startedAt().toString());
            out.writeStringProperty("endedAt", ended.toString());
            out.writePOJOProperty("gaps", video.gaps());
            out.writeArrayPropertyStart("messages");
            messages.all(rooms.room(channel), video.startedAt(), ended, out::writePOJO);
            out.writeEndArray();
            out.writeEndObject();
        }
    }
}
