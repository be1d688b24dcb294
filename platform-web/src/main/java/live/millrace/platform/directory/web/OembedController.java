// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.platform.audience.Viewer;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.recording.ClipCard;
import live.millrace.platform.recording.Clips;
import live.millrace.platform.recording.VideoCards;
import live.millrace.platform.recording.VideoSocial;
import live.millrace.platform.recording.WatchedVideos;
import live.millrace.platform.shared.SiteAddress;
import live.millrace.platform.shared.SiteName;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import tools.jackson.databind.json.JsonMapper;

/** How to embed an address of this site (oembed.com): of a channel, of a video, or of a clip. */
@RestController
class OembedController {
    private static final Pattern PATH =
            Pattern.compile("/(?:(videos|clips)/([A-Za-z0-9_-]{11})|([A-Za-z0-9][A-Za-z0-9_-]{2,23}))/?");

    private final Channels channels;
    private final Broadcasting broadcasting;
    private final WatchedVideos videos;
    private final VideoCards cards;
    private final Clips clips;
    private final SiteName site;
    private final SiteAddress address;
    private final JsonMapper json;

    OembedController(
            Channels channels,
            Broadcasting broadcasting,
            WatchedVideos videos,
            VideoCards cards,
            Clips clips,
            SiteName site,
            SiteAddress address,
            JsonMapper json) {
        this.channels = channels;
        this.broadcasting = broadcasting;
        this.videos = videos;
        this.cards = cards;
        this.clips = clips;
        this.site = site;
        this.address = address;
        this.json = json;
    }

    /** What is embedded. */
    private record Embedded(ChannelView channel, String title, String image, String html) {}

    private static ResponseStatusException missing() {
        return new ResponseStatusException(HttpStatus.NOT_FOUND);
    }

    /** 404 for what is none of them, 501 for other forms than JSON. */
    @GetMapping(value = "/oembed", produces = MediaType.APPLICATION_JSON_VALUE)
    Map<String, Object> oembed(
            @RequestParam String url,
            @RequestParam(defaultValue = "json") String format,
            @RequestParam(defaultValue = "640") int maxwidth,
            HttpServletRequest request) {
        if (!format.equals("json")) {
            throw new ResponseStatusException(HttpStatus.NOT_IMPLEMENTED);
        }
        String origin = address.originFor(request);
        Matcher path = path(url, request).orElseThrow(OembedController::missing);
        Embedded embedded = path.group(1) == null
                ? channel(path.group(3), origin)
                : path.group(1).equals("clips") ? clip(path.group(2), origin) : video(path.group(2), origin);
        int width = Math.clamp(maxwidth, 200, 1_920);
        int height = width * Social.EMBED_HEIGHT / Social.EMBED_WIDTH;
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("version", "1.0");
        answer.put("type", "video");
        answer.put("title", embedded.title);
        answer.put("author_name", embedded.channel.displayName());
        answer.put("author_url", origin + "/" + embedded.channel.name());
        answer.put("provider_name", site.siteName());
        answer.put("thumbnail_url", embedded.image);
        answer.put("width", width);
        answer.put("height", height);
        answer.put(
                "html",
                embedded.html
                        .replace("width=\"" + Social.EMBED_WIDTH + "\"", "width=\"" + width + "\"")
                        .replace("height=\"" + Social.EMBED_HEIGHT + "\"", "height=\"" + height + "\""));
        return answer;
    }

    private Embedded channel(String name, String origin) {
        ChannelView found = channels.find(name).orElseThrow(OembedController::missing);
        ChannelView channel = found.visibility().open() ? found : found.withheld();
        Social social = Social.of(channel, broadcasting.channel(found, Viewer.STRANGER), null, origin, json);
        return new Embedded(channel, social.title(), social.image(), social.embedCode());
    }

    /** Whoever asks is another site: nobody. */
    private Embedded video(String id, String origin) {
        return videos.find(id, null)
                .flatMap(video -> channels.find(video.channelId()).map(channel -> {
                    VideoSocial social = VideoSocial.of(cards.of(video, channel), origin, json);
                    return new Embedded(channel, social.title(), social.image(), social.embedCode());
                }))
                .orElseThrow(OembedController::missing);
    }

    private Embedded clip(String id, String origin) {
        return clips.find(id)
                .filter(clip -> clip.shown().open())
                .flatMap(clip -> channels.find(clip.channelId()).map(channel -> {
                    VideoSocial social = VideoSocial.of(new ClipCard(clip, channel), origin, json);
                    return new Embedded(channel, social.title(), social.image(), social.embedCode());
                }))
                .orElseThrow(OembedController::missing);
    }

    private Optional<Matcher> path(String url, HttpServletRequest request) {
        try {
            URI asked = URI.create(url);
            String path = asked.getPath();
            boolean ours = request.getServerName().equalsIgnoreCase(asked.getHost())
                    || address.isPublicHost(String.valueOf(asked.getRawAuthority()));
            return Optional.of(PATH.matcher(path == null ? "" : path)).filter(matcher -> ours && matcher.matches());
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
