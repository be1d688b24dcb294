// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.ingest;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import live.millrace.media.admission.PublishAdmission;
import live.millrace.media.endpoint.Endpoint;
import live.millrace.media.endpoint.HttpPublishAddress;
import live.millrace.media.endpoint.StreamAddresses;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.HttpUpload;
import live.millrace.media.http.Subject;

/**
 * The simplest way in: {@code PUT /live/CHANNEL.ts?key=KEY}, or {@code .flv}, or {@code POST}; the key may stand in the Authorization header
 * as well, or be the name itself. The body goes on for as long as the broadcast.
 */
public final class IngestEndpoint implements Endpoint {
    private static final Subject.None SUBJECT = new Subject.None("the stream key decides who may publish");

    /** What somebody may try, and hears why it is not taken. */
    private static final List<String> OTHERS = List.of(".mp4", ".mkv", ".mov", ".webm");

    private static final List<HttpMethod> METHODS = List.of(HttpMethod.PUT, HttpMethod.POST);

    private final StreamAddresses addresses;
    private final PublishAdmission publishing;

    public IngestEndpoint(StreamAddresses addresses, PublishAdmission publishing) {
        this.addresses = addresses;
        this.publishing = publishing;
    }

    @Override
    public String name() {
        return "ingest";
    }

    @Override
    public void register(HttpRouter router) {
        for (HttpMethod method : METHODS) {
            for (String folder : addresses.folders()) {
                router.upload(
                        method,
                        folder + "/{stream:any}.ts",
                        SUBJECT,
                        (request, upload) -> open(request, upload, TransportBody::new));
                router.upload(
                        method,
                        folder + "/{stream:any}.flv",
                        SUBJECT,
                        (request, upload) -> open(request, upload, FlvBody::new));
            }
            for (String other : OTHERS) {
                router.upload(
                        method,
                        "/live/{stream:any}" + other,
                        SUBJECT,
                        (_, upload) -> refused(HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, upload));
            }
            // What it is stands behind the name: of a body nobody guesses it.
            router.refusedUpload(
                    method, "/live/{stream}", SUBJECT, (_, upload) -> refused(HttpResponseStatus.NOT_FOUND, upload));
        }
    }

    private static HttpUpload.Taker refused(HttpResponseStatus status, HttpUpload upload) {
        upload.answer(HttpAnswer.refusal(
                status, "Send MPEG-TS to /live/CHANNEL.ts?key=KEY, or FLV to /live/CHANNEL.flv?key=KEY."));
        return NOBODY;
    }

    private HttpUpload.Taker open(HttpRequest request, HttpUpload upload, Body.Maker body) {
        if (request.headers().contains(HttpHeaderNames.ORIGIN)) {
            // A page that somebody visits sends what its author wants, from the visitor's address.
            upload.answer(
                    HttpAnswer.refusal(HttpResponseStatus.FORBIDDEN, "Pages of other sites cannot publish here."));
            return NOBODY;
        }
        IngestSession session = new IngestSession(upload, HttpPublishAddress.of(request), body);
        session.start(publishing);
        return session;
    }

    /** Takes a body that was refused. */
    private static final HttpUpload.Taker NOBODY = new HttpUpload.Taker() {
        @Override
        public void bytes(ByteBuf piece) {
            // refused
        }

        @Override
        public void end() {
            // answered already
        }

        @Override
        public void gone() {
            // answered already
        }
    };
}
