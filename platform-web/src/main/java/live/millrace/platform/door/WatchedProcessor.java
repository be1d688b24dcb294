// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.door;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.apache.coyote.Adapter;
import org.apache.coyote.InputBuffer;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/** Tomcat's conversation with one client at a time, which tells what it is at. */
final class WatchedProcessor extends Http11Processor {
    private final Function<SocketWrapperBase<?>, Optional<Visit>> visits;
    private final Told told;

    WatchedProcessor(
            AbstractHttp11Protocol<?> protocol,
            Adapter adapter,
            Function<SocketWrapperBase<?>, Optional<Visit>> visits) {
        this(protocol, new Told(adapter), visits);
    }

    private WatchedProcessor(
            AbstractHttp11Protocol<?> protocol, Told told, Function<SocketWrapperBase<?>, Optional<Visit>> visits) {
        super(protocol, told);
        this.visits = visits;
        this.told = told;
        told.processor = this;
        request.setInputBuffer(new TimedInput(request.getInputBuffer(), told));
    }

    @Override
    public SocketState service(SocketWrapperBase<?> wrapper) throws IOException {
        Visit visit = visits.apply(wrapper).orElse(null);
        told.visit = visit;
        if (visit == null) {
            return super.service(wrapper); // closed meanwhile, which it will find out
        }
        visit.looked(System.nanoTime());
        SocketState state = super.service(wrapper);
        visit.left(state, isAsync(), System.nanoTime());
        return state;
    }

    @Override
    protected SocketState dispatchEndRequest() {
        SocketState state = super.dispatchEndRequest();
        Visit visit = told.visit;
        if (visit != null) {
            visit.left(state, false, System.nanoTime());
        }
        return state;
    }

    /** Tells when the site begins to work on a request, and when it has done. */
    private static final class Told implements Adapter {
        private final Adapter site;
        private @Nullable WatchedProcessor processor;
        private @Nullable Visit visit;

        Told(Adapter site) {
            this.site = site;
        }

        @Override
        public void service(Request request, Response response) throws Exception {
            if (visit != null) {
                visit.serving(System.nanoTime());
            }
            try {
                site.service(request, response);
            } finally {
                done();
            }
        }

        @Override
        public boolean asyncDispatch(Request request, Response response, SocketEvent event) throws Exception {
            try {
                return site.asyncDispatch(request, response, event);
            } finally {
                done();
            }
        }

        private void done() {
            if (visit != null && processor != null && !processor.isAsync()) {
                visit.ending(System.nanoTime());
            }
        }

        @Override
        public boolean prepare(Request request, Response response) throws Exception {
            return site.prepare(request, response);
        }

        @Override
        public void log(Request request, Response response, long time) {
            site.log(request, response, time);
        }

        @Override
        public void checkRecycled(Request request, Response response) {
            site.checkRecycled(request, response);
        }

        @Override
        public String getDomain() {
            return site.getDomain();
        }
    }

    /** A body, read by a thread that waits for it. */
    private record TimedInput(InputBuffer body, Told told) implements InputBuffer {
        @Override
        public int doRead(ApplicationBufferHandler into) throws IOException {
            Visit visit = told.visit;
            if (visit == null) {
                return body.doRead(into);
            }
            visit.reading(System.nanoTime());
            int bytes = 0;
            try {
                bytes = body.doRead(into);
                return bytes;
            } finally {
                visit.read(bytes, System.nanoTime());
            }
        }

        @Override
        public int available() {
            return body.available();
        }
    }
}
