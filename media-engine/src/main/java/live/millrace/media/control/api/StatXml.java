// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.control.api;

import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PlaySession;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.hub.StreamPath;

/** The statistics page of nginx-rtmp-module, so that scripts that read it go on working: an application for each that streams are in. */
final class StatXml {
    private static final XMLOutputFactory FACTORY = XMLOutputFactory.newFactory();

    private final XMLStreamWriter out;
    private final Instant now = Instant.now();

    private StatXml(XMLStreamWriter out) {
        this.out = out;
    }

    static String write(ApiBackend.ServerStatus server, List<StreamStatus> streams, List<PlaySession> viewers) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter out = FACTORY.createXMLStreamWriter(text);
            new StatXml(out).document(server, streams, viewers);
            out.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("writing into a string", e);
        }
        return text.toString();
    }

    private void document(ApiBackend.ServerStatus server, List<StreamStatus> streams, List<PlaySession> viewers)
            throws XMLStreamException {
        long seconds = Math.max(1, Duration.between(server.startedAt(), now).toSeconds());
        out.writeStartDocument("utf-8", "1.0");
        out.writeStartElement("rtmp");
        element("millrace_version", server.version());
        element("pid", ProcessHandle.current().pid());
        element("uptime", seconds);
        element("naccepted", server.accepted());
        element(
                "bw_in",
                streams.stream().mapToLong(s -> s.statistics().bitrate()).sum());
        element("bytes_in", server.receivedBytes());
        element("bw_out", server.sentBytes() * 8 / seconds);
        element("bytes_out", server.sentBytes());
        out.writeStartElement("server");
        Map<String, List<StreamStatus>> applications = new LinkedHashMap<>();
        applications.put(StreamPath.LIVE, new ArrayList<>()); // also while there is nothing in it
        for (StreamStatus stream : streams) {
            applications
                    .computeIfAbsent(stream.path().application(), _ -> new ArrayList<>())
                    .add(stream);
        }
        for (Map.Entry<String, List<StreamStatus>> each : applications.entrySet()) {
            application(each.getKey(), each.getValue(), viewers);
        }
        out.writeEndElement();
        out.writeEndElement();
        out.writeEndDocument();
    }

    private void application(String name, List<StreamStatus> streams, List<PlaySession> viewers)
            throws XMLStreamException {
        out.writeStartElement("application");
        element("name", name);
        out.writeStartElement("live");
        int clients = 0;
        for (StreamStatus stream : streams) {
            clients += stream(
                    stream,
                    viewers.stream()
                            .filter(viewer -> isOf(viewer.attempt(), stream.path()))
                            .toList());
        }
        element("nclients", clients);
        out.writeEndElement();
        out.writeEndElement();
    }

    private static boolean isOf(PlayAttempt viewer, StreamPath path) {
        return viewer.recording().isEmpty() && viewer.isOf(path.application(), path.name());
    }

    private int stream(StreamStatus stream, List<PlaySession> viewers) throws XMLStreamException {
        out.writeStartElement("stream");
        element("name", stream.path().name());
        element("time", Duration.between(stream.startedAt(), now).toMillis());
        element("bw_in", stream.statistics().bitrate());
        element("bytes_in", stream.statistics().bytes());
        element("bw_out", 0);
        element("bytes_out", 0);
        element("bw_audio", 0);
        element("bw_video", stream.statistics().bitrate());
        for (PlaySession viewer : viewers) {
            out.writeStartElement("client");
            element("id", viewer.attempt().sessionId());
            element("address", viewer.attempt().remoteAddress().getAddress().getHostAddress());
            element("time", Duration.between(viewer.since(), now).toMillis());
            element("flashver", printable(viewer.attempt().userAgent()));
            element("dropped", 0);
            element("avsync", 0);
            element("timestamp", 0);
            out.writeEmptyElement("active");
            out.writeEndElement();
        }
        int clients = viewers.size();
        if (stream.publisher().isPresent()) {
            clients++;
            var publisher = stream.publisher().get();
            out.writeStartElement("client");
            element("id", publisher.sessionId());
            element("address", publisher.remoteAddress().getAddress().getHostAddress());
            element("time", Duration.between(publisher.since(), now).toMillis());
            element("flashver", publisher.encoder());
            element("dropped", 0);
            element("avsync", 0);
            element("timestamp", Duration.between(stream.startedAt(), now).toMillis());
            out.writeEmptyElement("publishing");
            out.writeEmptyElement("active");
            out.writeEndElement();
        }
        meta(stream);
        element("nclients", clients);
        if (stream.publisher().isPresent()) {
            out.writeEmptyElement("publishing");
            out.writeEmptyElement("active");
        }
        out.writeEndElement();
        return clients;
    }

    private void meta(StreamStatus stream) throws XMLStreamException {
        if (stream.video().isEmpty() && stream.audio().isEmpty()) {
            return;
        }
        out.writeStartElement("meta");
        if (stream.video().isPresent()) {
            StreamStatus.Video video = stream.video().get();
            out.writeStartElement("video");
            element("width", video.width());
            element("height", video.height());
            element("frame_rate", Math.round(stream.statistics().frameRate()));
            // As nginx-rtmp spells it.
            element("codec", video.codec().replace(".", "").toUpperCase(Locale.ROOT));
            out.writeEndElement();
        }
        if (stream.audio().isPresent()) {
            StreamStatus.Audio audio = stream.audio().get();
            out.writeStartElement("audio");
            element("codec", audio.codec());
            element("channels", audio.channels());
            element("sample_rate", audio.sampleRate());
            out.writeEndElement();
        }
        out.writeEndElement();
    }

    private void element(String name, Object value) throws XMLStreamException {
        out.writeStartElement(name);
        out.writeCharacters(String.valueOf(value));
        out.writeEndElement();
    }

    /** XML 1.0 has no place for control characters, escaped or not. */
    private static String printable(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints().filter(c -> c >= 0x20 && c < 0x7F).forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
