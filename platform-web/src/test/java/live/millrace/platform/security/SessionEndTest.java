// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import live.millrace.platform.account.PasswordChanged;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.MapSession;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

class SessionEndTest {
    private static final class Sessions implements FindByIndexNameSessionRepository<MapSession> {
        private final Map<String, MapSession> all = new LinkedHashMap<>();

        @Override
        public Map<String, MapSession> findByIndexNameAndIndexValue(String indexName, String indexValue) {
            return Map.copyOf(all);
        }

        @Override
        public MapSession createSession() {
            MapSession session = new MapSession();
            save(session);
            return session;
        }

        @Override
        public void save(MapSession session) {
            all.put(session.getId(), session);
        }

        @Override
        public MapSession findById(String id) {
            return all.get(id);
        }

        @Override
        public void deleteById(String id) {
            all.remove(id);
        }
    }

    private final Sessions sessions = new Sessions();
    private final List<Object> published = new ArrayList<>();
    private final SessionEnd end = new SessionEnd(sessions, published::add);

    @AfterEach
    void noRequest() {
        RequestContextHolder.resetRequestAttributes();
    }

    /** As it is when the database was away after the commit. */
    @Test
    void whoChangedThePasswordStaysAlsoWhenTheOthersEndLaterOnAnotherThread() {
        MapSession own = sessions.createSession();
        sessions.createSession();
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setSession(new MockHttpSession(null, own.getId()));
        RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));

        end.on(new PasswordChanged(1, "anna"));
        assertThat(sessions.all).hasSize(2);
        CompletableFuture.runAsync(() -> end.on((SessionEnd.Over) published.getFirst()))
                .join();

        assertThat(sessions.all).containsOnlyKeys(own.getId());
    }
}
