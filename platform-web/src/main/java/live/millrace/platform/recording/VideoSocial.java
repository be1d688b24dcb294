// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.picture.Pictures;
import org.springframework.web.util.HtmlUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * What other sites show of a video when somebody links to it: Open Graph, oEmbed, schema.org. Addresses are whole. There is none of a
 * private video.
 *
 * @param live whether there is something to play: always
 * @param jsonLd JSON that may stand in a script element
 */
public record VideoSocial(
        String title,
        String description,
        String url,
        String image,
        String embedUrl,
        String oembedUrl,
        boolean live,
        String jsonLd) {
    public static final int EMBED_WIDTH = 640;
    public static final int EMBED_HEIGHT = 360;

    public static VideoSocial of(VideoCard card, String origin, JsonMapper json) {
        VideoView video = card.video();
        ChannelView channel = card.channel();
        String url = origin + "/videos/" + video.id();
        String title = card.title().equals(channel.displayName())
                ? channel.displayName()
                : card.title() + " – " + channel.displayName();
        String image = origin
                + (card.picture() != null
                        ? card.picture()
                        : channel.avatar() != null ? Pictures.address(channel.avatar()) : "/brand/og.png");
        String embed = origin + "/embed/videos/" + video.id();
        return new VideoSocial(
                title,
                video.description(),
                url,
                image,
                embed,
                origin + "/oembed?url=" + URLEncoder.encode(url, StandardCharsets.UTF_8),
                true,
                jsonLd(video, title, image, embed, json));
    }

    private static String jsonLd(VideoView video, String title, String image, String embed, JsonMapper json) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("@context", "https://schema.org");
        said.put("@type", "VideoObject");
        said.put("name", title);
        said.put("description", video.description().isEmpty() ? title : video.description());
        said.put("thumbnailUrl", image);
        said.put("uploadDate", video.startedAt().toString());
        said.put("duration", Duration.ofMillis(video.durationMillis()).toString());
        said.put("embedUrl", embed);
        said.put(
                "interactionStatistic",
                Map.of(
                        "@type",
                        "InteractionCounter",
                        "interactionType",
                        Map.of("@type", "WatchAction"),
                        "userInteractionCount",
                        video.views()));
        // Nothing in it can end the script element that it stands in.
        return json.writeValueAsString(said)
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026");
    }

    /** What somebody pastes into their own page. */
    public String embedCode() {
        return "<iframe src=\"" + HtmlUtils.htmlEscape(embedUrl) + "\" width=\"" + EMBED_WIDTH + "\" height=\""
                + EMBED_HEIGHT + "\" title=\"" + HtmlUtils.htmlEscape(title)
                + "\" allow=\"autoplay; fullscreen; picture-in-picture\" frameborder=\"0\"></iframe>";
    }
}
