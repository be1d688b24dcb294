// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.live.LiveChannel;
import live.millrace.platform.picture.Pictures;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.HtmlUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * What other sites show of a channel when somebody links to it: Open Graph, oEmbed, schema.org. Addresses are whole.
 *
 * @param live whether there is something to play
 * @param jsonLd JSON that may stand in a script element
 */
public record Social(
        String title,
        String description,
        String url,
        String image,
        String embedUrl,
        String oembedUrl,
        boolean live,
        String jsonLd) {
    static final int EMBED_WIDTH = 640;
    static final int EMBED_HEIGHT = 360;

    static Social of(
            ChannelView channel, LiveChannel stream, @Nullable String thumbnail, String origin, JsonMapper json) {
        String url = origin + "/" + channel.name();
        boolean live = stream.state() == LiveState.LIVE || stream.state() == LiveState.RECONNECTING;
        String title = channel.displayTitle().equals(channel.displayName())
                ? channel.displayName()
                : channel.displayTitle() + " – " + channel.displayName();
        String image = origin
                + (thumbnail != null
                        ? thumbnail
                        : channel.avatar() != null ? Pictures.address(channel.avatar()) : "/brand/og.png");
        String embedUrl = origin + "/embed/" + channel.name();
        return new Social(
                title,
                channel.description(),
                url,
                image,
                embedUrl,
                origin + "/oembed?url=" + URLEncoder.encode(url, StandardCharsets.UTF_8),
                live,
                jsonLd(channel, stream, title, url, image, embedUrl, live, json));
    }

    private static String jsonLd(
            ChannelView channel,
            LiveChannel stream,
            String title,
            String url,
            String image,
            String embedUrl,
            boolean live,
            JsonMapper json) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("@context", "https://schema.org");
        if (live && stream.startedAt() != null) {
            said.put("@type", "VideoObject");
            said.put("name", title);
            said.put("description", channel.description().isEmpty() ? title : channel.description());
            said.put("thumbnailUrl", image);
            said.put("uploadDate", stream.startedAt().toString());
            said.put("embedUrl", embedUrl);
            said.put(
                    "publication",
                    Map.of(
                            "@type",
                            "BroadcastEvent",
                            "isLiveBroadcast",
                            true,
                            "startDate",
                            stream.startedAt().toString()));
        } else {
            said.put("@type", "ProfilePage");
            said.put("mainEntity", Map.of("@type", "Person", "name", channel.displayName(), "url", url));
        }
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
