// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.ParsedPlaylist;
import live.millrace.media.testing.RtmpScript;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** An engine on which one broadcast, {@code bert}, stays on air, and what players fetch of it. */
class OnAir {
    final MediaEngine engine;
    final HlsReader http;
    private final RtmpScript bert;

    OnAir(Path directory) throws Exception {
        engine = OpenEngine.start(OpenEngine.cuttingAlways(directory));
        http = new HlsReader(engine.port("http"));
        bert = publisher("bert");
        new MediaScript(bert).headers().both(20);
        bert.sync();
    }

    final void close() throws Exception {
        bert.close();
        http.close();
        engine.close();
    }

    final RtmpScript publisher(String name) throws Exception {
        RtmpScript script = new RtmpScript(engine.port("rtmp")).handshake().connect("live");
        assertThat(script.publish(name)).isEqualTo("NetStream.Publish.Start");
        return script;
    }

    /** The address of the picture's playlist that goes on. */
    static String live(String query) {
        return "/live/bert/v0.m3u8" + query;
    }

    final ParsedPlaylist read(String address) throws Exception {
        HttpResponse<byte[]> answer = http.get(address);
        assertThat(answer.statusCode()).as(address).isEqualTo(200);
        return ParsedPlaylist.parse(
                URI.create("http://engine" + address), new String(answer.body(), StandardCharsets.UTF_8));
    }

    final int status(String address) throws Exception {
        return http.get(address).statusCode();
    }

    final Element manifest(String channel) throws Exception {
        HttpResponse<byte[]> answer = http.get("/live/" + channel + ".mpd");
        assertThat(answer.statusCode()).isEqualTo(200);
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(answer.body()))
                .getDocumentElement();
    }

    static List<Element> elements(Element in, String name) {
        NodeList found = in.getElementsByTagName(name);
        List<Element> all = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            all.add((Element) found.item(i));
        }
        return all;
    }
}
