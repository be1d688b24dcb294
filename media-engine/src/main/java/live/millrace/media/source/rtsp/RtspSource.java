// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source.rtsp;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import live.millrace.media.source.SourceProtocol;
import org.jspecify.annotations.Nullable;

/** Fetches by RTSP and RTSPS; of the latter a certificate is taken that this machine trusts, and that is for the host. */
public final class RtspSource implements SourceProtocol {
    private static final String PLAIN = "rtsp";
    private static final String ENCRYPTED = "rtsps";
    private static final Map<String, Integer> SCHEMES = Map.of(PLAIN, 554, ENCRYPTED, 322);

    private final Supplier<SslContext> maker;
    private volatile @Nullable SslContext context;

    public RtspSource() {
        this(RtspSource::trustingThisMachine);
    }

    /** @param maker of what certificates are looked at with; may block */
    RtspSource(Supplier<SslContext> maker) {
        this.maker = maker;
    }

    private static SslContext trustingThisMachine() {
        try {
            return SslContextBuilder.forClient()
                    .endpointIdentificationAlgorithm("HTTPS")
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Map<String, Integer> schemes() {
        return SCHEMES;
    }

    @Override
    public void prepare(String scheme) {
        if (scheme.equals(ENCRYPTED) && context == null) {
            context = maker.get();
        }
    }

    @Override
    public Conversation begin(Request request, Listener listener) {
        boolean encrypted = ENCRYPTED.equalsIgnoreCase(request.address().uri().getScheme());
        Optional<SslContext> tls = encrypted ? Optional.ofNullable(context) : Optional.empty();
        RtspConversation conversation = new RtspConversation(request, listener);
        conversation.connect(tls);
        return conversation;
    }
}
