// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import live.millrace.media.endpoint.Endpoint;
import live.millrace.media.testing.Beside;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.Test;

class EndpointsTest {
    private final List<String> told = new ArrayList<>();

    private class Noting implements Endpoint {
        private final String name;
        final CompletableFuture<Void> drained = new CompletableFuture<>();

        Noting(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void start() {
            told.add("start " + name);
        }

        @Override
        public Map<String, Integer> ports() {
            return Map.of(name, name.length());
        }

        @Override
        public int fetching() {
            return name.length();
        }

        @Override
        public CompletionStage<Void> drain() {
            return drained;
        }

        @Override
        public void stopAccepting() {
            told.add("stop " + name);
        }

        @Override
        public void disconnect() {
            told.add("disconnect " + name);
        }

        @Override
        public void close() {
            told.add("close " + name);
        }
    }

    private final class Unstartable extends Noting {
        Unstartable(String name) {
            super(name);
        }

        @Override
        public void start() {
            throw new IllegalStateException(name() + " does not start");
        }
    }

    private final class Unclosable extends Noting {
        Unclosable(String name) {
            super(name);
        }

        @Override
        public void close() {
            throw new IllegalStateException(name() + " does not close");
        }
    }

    @Test
    void startInOrderAndEndInTheOpposite() {
        Endpoints endpoints = new Endpoints(List.of(new Noting("out"), new Noting("in")));
        endpoints.start();
        endpoints.stopAccepting();
        endpoints.disconnect();
        endpoints.close();
        assertThat(told)
                .containsExactly(
                        "start out",
                        "start in",
                        "stop in",
                        "stop out",
                        "disconnect in",
                        "disconnect out",
                        "close in",
                        "close out");
    }

    @Test
    void whatWasStartedIsDisconnectedWhenOneCannotBe() {
        Endpoints endpoints = new Endpoints(
                List.of(new Noting("first"), new Noting("second"), new Unstartable("third"), new Noting("fourth")));
        assertThatThrownBy(endpoints::start).hasMessage("third does not start");
        assertThat(told)
                .containsExactly(
                        "start first",
                        "start second",
                        "stop third",
                        "disconnect third",
                        "stop second",
                        "disconnect second",
                        "stop first",
                        "disconnect first");
    }

    @Test
    void oneThatFailsToCloseDoesNotKeepTheOthers() {
        Endpoints endpoints =
                new Endpoints(List.of(new Noting("first"), new Unclosable("second"), new Noting("third")));
        assertThatThrownBy(endpoints::close).hasMessage("second does not close");
        assertThat(told).containsExactly("close third", "close first");
    }

    @Test
    void portsAndCountsAreThoseOfAll() {
        Noting two = new Noting("ab");
        Endpoints endpoints = new Endpoints(List.of(new Noting("abc"), two));
        assertThat(endpoints.ports()).containsExactly(Map.entry("abc", 3), Map.entry("ab", 2));
        assertThat(endpoints.fetching()).isEqualTo(5);
        assertThat(endpoints.get(Noting.class).name()).isEqualTo("abc");
        assertThatThrownBy(() -> endpoints.get(Unclosable.class)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void drainingEndsWhenAllHaveLeft() throws Exception {
        Noting quick = new Noting("quick");
        Noting slow = new Noting("slow");
        quick.drained.complete(null);
        CompletableFuture<Void> over =
                Beside.run(() -> new Endpoints(List.of(quick, slow)).drain(TimeUnit.MINUTES.toMillis(5)));
        Wait.until("somebody waits for the slow one", () -> slow.drained.getNumberOfDependents() > 0);
        assertThat(over).isNotDone();
        slow.drained.complete(null);
        over.get(10, TimeUnit.SECONDS);
    }

    @Test
    void drainingEndsInTime() {
        new Endpoints(List.of(new Noting("slow"))).drain(1);
    }
}
