// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.commonmark.ext.autolink.AutolinkExtension;
import org.commonmark.node.Block;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.ListBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.node.ThematicBreak;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.AttributeProvider;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Descriptions as HTML: headings, lists, quotes, emphasis and links. HTML that somebody wrote is shown as the text that it is;
 * pictures become their description; links lead to http, https, mailto and the site's own pages alone, and say to search engines that they are
 * somebody's.
 */
public final class Markdown {
    private static final Set<Class<? extends Block>> BLOCKS =
            Set.of(Heading.class, ListBlock.class, ThematicBreak.class, BlockQuote.class);

    private static final Parser PARSER = Parser.builder()
            .enabledBlockTypes(BLOCKS)
            .extensions(List.of(AutolinkExtension.create()))
            .build();

    private static final HtmlRenderer RENDERER = HtmlRenderer.builder()
            .escapeHtml(true)
            .softbreak("<br>\n")
            .attributeProviderFactory(_ -> new SafeAttributes())
            .nodeRendererFactory(PicturesAsText::new)
            .nodeRendererFactory(SafeLinks::new)
            .build();

    /** Where a link may lead, once entities are read: what a browser would take for something else by leaving out a character is not. */
    private static final Pattern SAFE = Pattern.compile("(?i)https?://[^\\s\\p{C}\\\\/?#@]+(?:[/?#][^\\s\\p{C}\\\\]*)?"
            + "|mailto:[^\\s\\p{C}\\\\/?#@:]+@[^\\s\\p{C}\\\\/@:]+"
            + "|/(?:[\\w@?#-][^\\s\\p{C}\\\\]*)?");

    private Markdown() {}

    public static String html(String text) {
        return RENDERER.render(PARSER.parse(text));
    }

    private static final class SafeAttributes implements AttributeProvider {
        @Override
        public void setAttributes(Node node, String tag, Map<String, String> attributes) {
            if (node instanceof Link) {
                attributes.put("rel", "nofollow ugc noopener noreferrer");
                attributes.put("target", "_blank");
            }
        }
    }

    /** What leads elsewhere than it may is the text that it is. */
    private record SafeLinks(HtmlNodeRendererContext context) implements NodeRenderer {
        @Override
        public Set<Class<? extends Node>> getNodeTypes() {
            return Set.of(Link.class);
        }

        @Override
        public void render(Node node) {
            Link link = (Link) node;
            boolean safe = SAFE.matcher(link.getDestination()).matches();
            if (safe) {
                Map<String, String> attributes = new LinkedHashMap<>();
                attributes.put("href", context.encodeUrl(link.getDestination()));
                if (link.getTitle() != null) {
                    attributes.put("title", link.getTitle());
                }
                context.getWriter().tag("a", context.extendAttributes(link, "a", attributes));
            }
            for (Node child = link.getFirstChild(); child != null; child = child.getNext()) {
                context.render(child);
            }
            if (safe) {
                context.getWriter().tag("/a");
            }
        }
    }

    /** Nobody's page fetches pictures from elsewhere: that would tell elsewhere who looks. */
    private record PicturesAsText(HtmlNodeRendererContext context) implements NodeRenderer {
        @Override
        public Set<Class<? extends Node>> getNodeTypes() {
            return Set.of(Image.class);
        }

        @Override
        public void render(Node image) {
            for (Node child = image.getFirstChild(); child != null; child = child.getNext()) {
                if (child instanceof Text text) {
                    context.getWriter().text(text.getLiteral());
                }
            }
        }
    }
}
