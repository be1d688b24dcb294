// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import live.millrace.platform.account.AccountSuspended;
import live.millrace.platform.account.PasswordChanged;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Sessions end with the transaction that says so. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class SessionEndTest {
    @Autowired
    private FindByIndexNameSessionRepository<? extends Session> sessions;

    @Autowired
    private ApplicationEventPublisher events;

    @Autowired
    private TransactionTemplate transaction;

    private final String name = "s" + UUID.randomUUID().toString().substring(0, 8);

    @AfterEach
    void noRequest() {
        RequestContextHolder.resetRequestAttributes();
    }

    private static <S extends Session> String begin(FindByIndexNameSessionRepository<S> sessions, String name) {
        S session = sessions.createSession();
        session.setAttribute(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, name);
        sessions.save(session);
        return session.getId();
    }

    @Test
    void allOfASuspendedAccountEndAndNobodyElses() {
        begin(sessions, name);
        begin(sessions, name);
        String others = begin(sessions, name + "x");
        transaction.executeWithoutResult(_ -> events.publishEvent(new AccountSuspended(1, name)));
        assertThat(sessions.findByPrincipalName(name)).isEmpty();
        assertThat(sessions.findByPrincipalName(name + "x")).containsOnlyKeys(SessionStore.stored(others));
    }

    @Test
    void whoChangedThePasswordStays() {
        String own = begin(sessions, name);
        begin(sessions, name);
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setSession(new MockHttpSession(null, own));
        RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
        transaction.executeWithoutResult(_ -> events.publishEvent(new PasswordChanged(1, name)));
        assertThat(sessions.findByPrincipalName(name)).containsOnlyKeys(SessionStore.stored(own));
    }

    @Test
    void whatIsRolledBackEndsNone() {
        String stays = begin(sessions, name);
        transaction.executeWithoutResult(status -> {
            events.publishEvent(new AccountSuspended(1, name));
            status.setRollbackOnly();
        });
        assertThat(sessions.findByPrincipalName(name)).containsOnlyKeys(SessionStore.stored(stays));
    }
}
