// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.picture.Pictures;
import org.jspecify.annotations.Nullable;
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
        return of(
                channel,
                new Facts(
                        "/videos/" + video.id(),
                        card.title(),
                        video.description(),
                        video.startedAt(),
                        video.durationMillis(),
                        video.views()),
                card.picture(),
                origin,
                json);
    }

    /** The same of a clip. */
    public static VideoSocial of(ClipCard card, String origin, JsonMapper json) {
        ClipView clip = card.clip();
        return of(
                card.channel(),
                new Facts("/clips/" + clip.id(), clip.title(), "", clip.madeAt(), clip.durationMillis(), clip.views()),
                clip.picture(),
                origin,
                json);
    }

    private record Facts(
            String path, String title, String description, Instant since, long durationMillis, long views) {}

    private static VideoSocial of(
            ChannelView channel, Facts facts, @Nullable String picture, String origin, JsonMapper json) {
        String url = origin + facts.path;
        String title = facts.title.equals(channel.displayName())
                ? channel.displayName()
                : facts.title + " – " + channel.displayName();
        String image = origin
                + (picture != null
                        ? picture
                        : channel.avatar() != null ? Pictures.address(channel.avatar()) : "/brand/og.png");
        String embed = origin + "/embed" + facts.path;
        return new VideoSocial(
                title,
                facts.description,
                url,
                image,
                embed,
                origin + "/oembed?url=" + URLEncoder.encode(url, StandardCharsets.UTF_8),
                true,
                jsonLd(facts, title, image, embed, json));
    }

    private static String jsonLd(Facts facts, String title, String image, String embed, JsonMapper json) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("@context", "https://schema.org");
        said.put("@type", "VideoObject");
        said.put("name", title);
        said.put("description", facts.description.isEmpty() ? title : facts.description);
        said.put("thumbnailUrl", image);
        said.put("uploadDate", facts.since.toString());
        said.put("duration", Duration.ofMillis(facts.durationMillis).toString());
        said.put("embedUrl", embed);
        said.put(
                "interactionStatistic",
                Map.of(
                        "@type",
                        "InteractionCounter",
                        "interactionType",
                        Map.of("@type", "WatchAction"),
                        "userInteractionCount",
                        facts.views));
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
