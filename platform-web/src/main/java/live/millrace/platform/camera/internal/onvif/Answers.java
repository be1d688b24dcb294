// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal.onvif;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import live.millrace.platform.camera.CameraSearch.Failure;

/** Reads what devices answer. Whoever can send a datagram can be such a device. */
final class Answers {
    /** Elements in one another. */
    static final int MOST_DEPTH = 32;

    /** Elements in all: a recorder with 64 channels has some thousands. */
    static final int MOST_ELEMENTS = 20_000;

    /** Attributes of an element; one declares a token, and perhaps a type. */
    static final int MOST_ATTRIBUTES = 32;

    /** An element that is open. */
    private record Open(String name, Map<String, String> attributes, StringBuilder text, List<Element> children) {
        Element closed() {
            return new Element(name, text.toString().strip(), attributes, List.copyOf(children));
        }
    }

    private Answers() {}

    /**
     * Reads a document.
     *
     * @param content bounded by whoever received it
     * @throws OnvifException if it is none, declares a type or an entity, or is more than a device has to say
     */
    static Element read(byte[] content) throws OnvifException {
        try {
            XMLStreamReader reader = factory().createXMLStreamReader(new ByteArrayInputStream(content));
            try {
                return document(reader);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException | RuntimeException malformed) {
            // The parser of the JDK has unchecked ones of its own for some documents.
            throw new OnvifException(Failure.PROTOCOL, "an answer that is no document");
        }
    }

    /** A new one each time: they are not for several threads. */
    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setXMLResolver((_, _, _, _) -> {
            throw new XMLStreamException("nothing outside of an answer is read");
        });
        return factory;
    }

    private static Element document(XMLStreamReader reader) throws XMLStreamException, OnvifException {
        Deque<Open> open = new ArrayDeque<>();
        int elements = 0;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    elements++;
                    if (elements > MOST_ELEMENTS
                            || open.size() >= MOST_DEPTH
                            || reader.getAttributeCount() > MOST_ATTRIBUTES) {
                        throw new OnvifException(Failure.PROTOCOL, "an answer of too much");
                    }
                    open.push(new Open(
                            reader.getLocalName(), attributes(reader), new StringBuilder(), new ArrayList<>()));
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    if (!open.isEmpty()) {
                        open.getFirst().text().append(reader.getText());
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    Element closed = open.pop().closed();
                    if (open.isEmpty()) {
                        return closed;
                    }
                    open.getFirst().children().add(closed);
                }
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                    throw new OnvifException(Failure.PROTOCOL, "an answer that declares types or entities");
                default -> {
                    // Comments, and what is for other programs.
                }
            }
        }
        throw new OnvifException(Failure.PROTOCOL, "an answer that does not end");
    }

    private static Map<String, String> attributes(XMLStreamReader reader) {
        Map<String, String> attributes = new HashMap<>();
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
        }
        return attributes;
    }
}
