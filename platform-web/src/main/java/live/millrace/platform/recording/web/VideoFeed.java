// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.recording.VideoCard;
import live.millrace.platform.recording.VideoView;

/** A channel's videos as Atom (RFC 4287). */
final class VideoFeed {
    private static final String ATOM = "http://www.w3.org/2005/Atom";

    private VideoFeed() {}

    static byte[] of(ChannelView channel, List<VideoCard> cards, String origin) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            XMLStreamWriter xml =
                    XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, StandardCharsets.UTF_8.name());
            xml.writeStartDocument("UTF-8", "1.0");
            xml.setDefaultNamespace(ATOM);
            xml.writeStartElement(ATOM, "feed");
            xml.writeDefaultNamespace(ATOM);
            String page = origin + "/" + channel.name() + "/videos";
            text(xml, "id", page);
            text(xml, "title", channel.displayName());
            text(
                    xml,
                    "updated",
                    cards.stream()
                            .map(card -> ended(card.video()))
                            .max(Instant::compareTo)
                            .orElse(Instant.EPOCH)
                            .toString());
            link(xml, "self", page + ".atom");
            link(xml, "alternate", page);
            xml.writeStartElement(ATOM, "author");
            text(xml, "name", channel.displayName());
            xml.writeEndElement();
            for (VideoCard card : cards) {
                entry(xml, card, origin);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("what is written to memory is written", e);
        }
        return out.toByteArray();
    }

    private static Instant ended(VideoView video) {
        Instant ended = video.endedAt();
        return ended == null ? video.startedAt() : ended;
    }

    private static void entry(XMLStreamWriter xml, VideoCard card, String origin) throws XMLStreamException {
        VideoView video = card.video();
        String url = origin + "/videos/" + video.id();
        xml.writeStartElement(ATOM, "entry");
        text(xml, "id", url);
        text(xml, "title", card.title());
        text(xml, "published", video.startedAt().toString());
        text(xml, "updated", ended(video).toString());
        link(xml, "alternate", url);
        text(xml, "summary", video.description().isBlank() ? card.length() : video.description());
        xml.writeEndElement();
    }

    private static void text(XMLStreamWriter xml, String name, String text) throws XMLStreamException {
        xml.writeStartElement(ATOM, name);
        // Characters that XML has no place for: a title may hold them.
        xml.writeCharacters(text.replaceAll("[\\p{Cc}&&[^\\n\\t\\r]]|[\\uFFFE\\uFFFF]", " "));
        xml.writeEndElement();
    }

    private static void link(XMLStreamWriter xml, String rel, String href) throws XMLStreamException {
        xml.writeEmptyElement(ATOM, "link");
        xml.writeAttribute("rel", rel);
        xml.writeAttribute("href", href);
    }
}
