// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import live.millrace.media.testing.Wait;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.transaction.support.TransactionTemplate;

/** The queue itself and its page in the console, over a real PostgreSQL. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class DeliveryTest {
    /** What each delivery is to answer, by its target, one after the other; done in the end. */
    private static final Map<String, Queue<Outcome>> ANSWERS = new ConcurrentHashMap<>();

    private static final Map<String, AtomicInteger> TRIED = new ConcurrentHashMap<>();

    /** An effect in the database, and an answer that the test chose. */
    private record Script(JdbcClient database, String kind, boolean inDatabase) implements DeliveryHandler {
        @Override
        public Outcome deliver(Delivery delivery) {
            TRIED.computeIfAbsent(delivery.target(), _ -> new AtomicInteger()).incrementAndGet();
            if (inDatabase) {
                database.sql("insert into test_effect (target) values (?)")
                        .param(delivery.target())
                        .update();
            }
            if (delivery.body().path("throws").asBoolean(false)) {
                throw new IllegalStateException("a private word");
            }
            Queue<Outcome> answers = ANSWERS.getOrDefault(delivery.target(), new ConcurrentLinkedQueue<>());
            Outcome next = answers.poll();
            return next == null ? Outcome.DONE : next;
        }
    }

    @TestConfiguration
    static class Handlers {
        @Bean
        DeliveryHandler scripted(JdbcClient database) {
            database.sql("create table if not exists test_effect (target text not null)")
                    .update();
            return new Script(database, "test", true);
        }

        @Bean
        DeliveryHandler outside(JdbcClient database) {
            return new Script(database, "test.outside", false);
        }
    }

    @Autowired
    private Deliveries deliveries;

    @Autowired
    private DeliveryQueue queue;

    @Autowired
    private JdbcClient database;

    @Autowired
    private TransactionTemplate transaction;

    @Autowired
    private MeterRegistry meters;

    @Autowired
    private MockMvc site;

    @Autowired
    private Accounts accounts;

    private static String target() {
        return "t" + UUID.randomUUID().toString().substring(0, 12);
    }

    private String state(String target) {
        return database.sql("select state from delivery where target = ?")
                .param(target)
                .query(String.class)
                .optional()
                .orElse("");
    }

    private int effects(String target) {
        return database.sql("select count(*) from test_effect where target = ?")
                .param(target)
                .query(Integer.class)
                .single();
    }

    private long tasks(String target) {
        return database.sql("""
                select count(*) from delivery_task t join delivery d on t.task_instance = d.id::text
                where t.task_name = 'delivery' and d.target = ?
                """).param(target).query(Long.class).single();
    }

    private DeliveryQueue.Open open(DeliveryQueue.State state, String target) {
        return queue.find(state, Long.MAX_VALUE, 100).stream()
                .filter(row -> row.target().equals(target))
                .findFirst()
                .orElseThrow();
    }

    private static int tried(String target) {
        return TRIED.getOrDefault(target, new AtomicInteger()).get();
    }

    @Test
    void whatIsCommittedIsDoneOnceAndItsTaskGoes() throws Exception {
        String target = target();
        assertThat(deliveries.enqueue("test", target, Map.of("a", 1), null)).isTrue();
        Wait.until("it is done", () -> state(target).equals("DONE") && tasks(target) == 0);
        assertThat(effects(target)).isEqualTo(1);
    }

    @Test
    void whatIsRolledBackIsNeverHeardOf() throws Exception {
        String lost = target();
        transaction.executeWithoutResult(status -> {
            deliveries.enqueue("test", lost, Map.of(), null);
            status.setRollbackOnly();
        });
        String after = target();
        deliveries.enqueue("test", after, Map.of(), null);
        Wait.until("a later one is done", () -> state(after).equals("DONE"));
        assertThat(state(lost)).isEmpty();
        assertThat(tried(lost)).isZero();
        assertThat(database.sql("select count(*) from delivery_task where task_name = 'delivery' and task_instance"
                                + " not in (select id::text from delivery)")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void theSameIsTakenOnceAlsoAfterItWasDone() throws Exception {
        String target = target();
        assertThat(deliveries.enqueue("test", target, Map.of(), "once " + target))
                .isTrue();
        assertThat(deliveries.enqueue("test", target, Map.of(), "once " + target))
                .isFalse();
        Wait.until("it is done", () -> state(target).equals("DONE"));
        assertThat(deliveries.enqueue("test", target, Map.of(), "once " + target))
                .isFalse();
        assertThat(effects(target)).isEqualTo(1);
    }

    @Test
    void whatFailsIsTriedAgainAndLeavesNothingBehind() throws Exception {
        String target = target();
        ANSWERS.put(target, new ConcurrentLinkedQueue<>(List.of(new Outcome.Later("busy"))));
        deliveries.enqueue("test", target, Map.of(), null);
        Wait.until("it failed once", () -> tried(target) == 1 && !state(target).isEmpty());
        Wait.until("it is done", () -> state(target).equals("DONE"));
        assertThat(tried(target)).isEqualTo(2);
        assertThat(effects(target)).isEqualTo(1);
    }

    @Test
    void whatNoFurtherAttemptHelpsIsParkedAndTriedAgainByHand() throws Exception {
        String target = target();
        ANSWERS.put(target, new ConcurrentLinkedQueue<>(List.of(new Outcome.Never("refused: 550"))));
        deliveries.enqueue("test.outside", target, Map.of(), null);
        Wait.until("it is parked", () -> state(target).equals("PARKED") && tasks(target) == 0);
        DeliveryQueue.Open parked = open(DeliveryQueue.State.PARKED, target);
        assertThat(parked.lastError()).isEqualTo("refused: 550");
        assertThat(parked.attempts()).isEqualTo(1);
        assertThat(queue.again(parked.id())).isPresent();
        Wait.until("it is done", () -> state(target).equals("DONE"));
        assertThat(tried(target)).isEqualTo(2);
    }

    @Test
    void afterTheLastAttemptItIsParkedAndSaysOnlyWhatKindOfFailureItWas() throws Exception {
        String target = target();
        deliveries.enqueue(
                "test", target, Map.of("throws", true), null, Instant.now().plus(Duration.ofHours(1)));
        DeliveryQueue.Open waiting = open(DeliveryQueue.State.WAITING, target);
        // As if it had failed all along.
        database.sql("update delivery set attempts = 11 where id = ?")
                .param(waiting.id())
                .update();
        database.sql(
                        "update delivery_task set execution_time = now() where task_name = 'delivery' and task_instance = ?")
                .param(Long.toString(waiting.id()))
                .update();
        Wait.until("it is parked", () -> state(target).equals("PARKED"));
        assertThat(open(DeliveryQueue.State.PARKED, target).lastError()).isEqualTo("IllegalStateException");
        assertThat(effects(target)).isZero();
    }

    @Test
    void whatIsDroppedIsNotDone() throws Exception {
        String target = target();
        deliveries.enqueue("test", target, Map.of(), null, Instant.now().plus(Duration.ofHours(1)));
        long id = open(DeliveryQueue.State.WAITING, target).id();
        assertThat(queue.drop(id)).isPresent();
        assertThat(queue.drop(id)).isEmpty();
        assertThat(queue.again(id)).isEmpty();
        database.sql("update delivery_task set execution_time = now() where task_instance = ?")
                .param(Long.toString(id))
                .update();
        Wait.until(
                "its task is gone",
                () -> database.sql("select count(*) from delivery_task where task_instance = ?")
                                .param(Long.toString(id))
                                .query(Long.class)
                                .single()
                        == 0);
        assertThat(tried(target)).isZero();
    }

    @Test
    void oneThatAnotherProcessHasDoneIsNotDoneAgain() throws Exception {
        String target = target();
        deliveries.enqueue("test", target, Map.of(), null);
        Wait.until("it is done", () -> state(target).equals("DONE") && tasks(target) == 0);
        // As a process leaves it that died between its commit and the end of its task.
        database.sql("""
                insert into delivery_task (task_name, task_instance, execution_time, picked, picked_by, last_heartbeat, version)
                select 'delivery', id::text, now(), true, 'a dead one', now() - interval '1 day', 2 from delivery where target = ?
                """).param(target).update();
        Wait.until("it is taken up", Duration.ofSeconds(40), () -> tasks(target) == 0);
        assertThat(effects(target)).isEqualTo(1);
        assertThat(tried(target)).isEqualTo(1);
    }

    @Test
    void aBodyHasALimit() {
        assertThatThrownBy(() -> deliveries.enqueue("test", target(), "x".repeat(Deliveries.MAX_BODY), null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatWaitsAndWhatIsParkedIsCounted() {
        String target = target();
        DeliveryQueue.Figures before = queue.figures();
        deliveries.enqueue("test", target, Map.of(), null, Instant.now().plus(Duration.ofHours(1)));
        assertThat(queue.figures().waiting()).isGreaterThan(before.waiting() - 1);
        assertThat(meters.find("millrace.deliveries.waiting").gauge()).isNotNull();
        assertThat(meters.find("millrace.deliveries.parked").gauge()).isNotNull();
        assertThat(meters.find("millrace.deliveries.oldest.seconds").gauge()).isNotNull();
    }

    // ---- the console ------------------------------------------------------------------------------------------

    private AccountPrincipal account(Role role) {
        String name = "q"
                + ThreadLocalRandom.current()
                        .ints(15, 0, 20)
                        .mapToObj(letter -> "abcdefghjkmnpqstuxyz".substring(letter, letter + 1))
                        .collect(Collectors.joining());
        return ((Registration.Done) accounts.register(name, name + "@example.org", "three quiet herons", role))
                .principal();
    }

    private long parked(String target) throws Exception {
        ANSWERS.put(target, new ConcurrentLinkedQueue<>(List.of(new Outcome.Never("refused: 550"))));
        deliveries.enqueue("test.outside", target, Map.of(), null);
        Wait.until("it is parked", () -> state(target).equals("PARKED"));
        return open(DeliveryQueue.State.PARKED, target).id();
    }

    private long logged(String action, long id) {
        return database.sql("select count(*) from audit_entry where action = ? and subject like ?")
                .param(action)
                .param("#" + id + " %")
                .query(Long.class)
                .single();
    }

    @Test
    void adminsSeeWhatIsParkedAndWhyAndTryItAgain() throws Exception {
        String target = target();
        long id = parked(target);
        AccountPrincipal admin = account(Role.ADMIN);
        for (String language : List.of("en", "zh")) {
            site.perform(get("/admin/deliveries")
                            .header("Accept-Language", language)
                            .with(user(admin)))
                    .andExpect(status().isOk())
                    .andExpect(content().string(containsString(target)))
                    .andExpect(content().string(containsString("refused: 550")))
                    .andExpect(content().string(containsString("/admin/deliveries/" + id + "/again")));
        }
        site.perform(post("/admin/deliveries/" + id + "/again")
                        .with(user(admin))
                        .with(csrf()))
                .andExpect(redirectedUrl("/admin/deliveries?state=PARKED&said=done"));
        Wait.until("it is done", () -> state(target).equals("DONE"));
        assertThat(logged("delivery.again", id)).isEqualTo(1);
        site.perform(post("/admin/deliveries/" + id + "/again")
                        .with(user(admin))
                        .with(csrf()))
                .andExpect(redirectedUrl("/admin/deliveries?state=PARKED&said=none"));
        assertThat(logged("delivery.again", id)).isEqualTo(1);
    }

    @Test
    void adminsDropWhatNobodyNeedsAndItIsLogged() throws Exception {
        String target = target();
        deliveries.enqueue("test", target, Map.of(), null, Instant.now().plus(Duration.ofHours(1)));
        long id = open(DeliveryQueue.State.WAITING, target).id();
        AccountPrincipal admin = account(Role.ADMIN);
        site.perform(get("/admin/deliveries?state=WAITING").with(user(admin)))
                .andExpect(content().string(containsString(target)));
        site.perform(post("/admin/deliveries/" + id + "/drop")
                        .param("state", "WAITING")
                        .with(user(admin))
                        .with(csrf()))
                .andExpect(redirectedUrl("/admin/deliveries?state=WAITING&said=done"));
        assertThat(state(target)).isEmpty();
        assertThat(logged("delivery.drop", id)).isEqualTo(1);
    }

    @Test
    void nobodyElseSeesOrChangesAnything() throws Exception {
        String target = target();
        long id = parked(target);
        for (Role role : List.of(Role.USER, Role.MODERATOR)) {
            AccountPrincipal other = account(role);
            site.perform(get("/admin/deliveries").with(user(other))).andExpect(status().isNotFound());
            site.perform(post("/admin/deliveries/" + id + "/drop")
                            .with(user(other))
                            .with(csrf()))
                    .andExpect(status().isNotFound());
        }
        site.perform(get("/admin/deliveries")).andExpect(status().isNotFound());
        site.perform(post("/admin/deliveries/" + id + "/again").with(csrf())).andExpect(status().isNotFound());
        assertThat(state(target)).isEqualTo("PARKED");
        queue.drop(id);
    }
}
