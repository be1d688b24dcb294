// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.delivery.Deliveries;
import live.millrace.platform.delivery.Delivery;
import live.millrace.platform.delivery.DeliveryHandler;
import live.millrace.platform.delivery.Outcome;
import live.millrace.platform.shared.DatabaseState;
import live.millrace.platform.shared.SiteAddress;
import live.millrace.platform.shared.SiteMessages;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.MessageSource;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * The queue and what writes the site's mails, in a process that may be killed: makes decisions and carries them out, as its mode says.
 * Says on standard output where it is.
 */
public final class QueueProcess {
    /** What it does, or where it stops to be killed. */
    enum Mode {
        /** Decides and carries out, for ever. */
        WORK,
        /** Carries out what is there. */
        CATCH_UP,
        /** Commits one decision of each kind and stands still, before anything is carried out. */
        BEFORE_EFFECT,
        /** Stands still with an effect done and not committed. */
        IN_EFFECT,
        /** Stands still when the mail server has taken a mail. */
        AFTER_MAIL
    }

    static final String DECISION = "test.decision";
    static final String NOTICE = "test.notice";
    static final String READY = "ready";
    static final String STANDS = "stands still";

    /** Decisions for one mail. */
    private static final int PER_MAIL = 5;

    private static final long PAUSE_NANOS = 5_000_000;

    private QueueProcess() {}

    @TestConfiguration(proxyBeanMethods = false)
    @EnableTransactionManagement
    @Import({MailServer.class, MailTokens.class})
    @ComponentScan(
            basePackages = {"live.millrace.platform.delivery.internal", "live.millrace.platform.shared"},
            excludeFilters = @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*\\.shared\\.web\\..*"))
    static class Parts {
        @Bean
        DataSource dataSource(org.springframework.core.env.Environment settings) {
            HikariDataSource source = new HikariDataSource();
            source.setJdbcUrl(settings.getRequiredProperty("url"));
            source.setUsername(settings.getRequiredProperty("username"));
            source.setPassword(settings.getRequiredProperty("password"));
            source.setMaximumPoolSize(6);
            return source;
        }

        @Bean
        PlatformTransactionManager transactionManager(DataSource source) {
            return new JdbcTransactionManager(source);
        }

        @Bean
        TransactionTemplate transactionTemplate(PlatformTransactionManager manager) {
            return new TransactionTemplate(manager);
        }

        @Bean
        JdbcClient jdbcClient(DataSource source) {
            return JdbcClient.create(source);
        }

        @Bean
        JsonMapper jsonMapper() {
            return JsonMapper.builder().build();
        }

        @Bean
        MeterRegistry meterRegistry() {
            return new SimpleMeterRegistry();
        }

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        ConversionService conversionService() {
            return ApplicationConversionService.getSharedInstance();
        }

        @Bean
        SiteAddress siteAddress() {
            return new SiteAddress("https://live.example.org");
        }

        @Bean
        MessageSource messageSource() {
            SiteMessages texts = new SiteMessages();
            texts.setBasename("messages/account");
            return texts;
        }

        @Bean
        JavaMailSender javaMailSender(org.springframework.core.env.Environment settings) {
            JavaMailSenderImpl sender = new JavaMailSenderImpl();
            sender.setHost("127.0.0.1");
            sender.setPort(settings.getRequiredProperty("smtp", Integer.class));
            Properties properties = new Properties();
            properties.put("mail.smtp.timeout", "5000");
            sender.setJavaMailProperties(properties);
            return sender;
        }

        @Bean
        DatabaseState databaseState() {
            return new DatabaseState() {
                @Override
                public boolean away() {
                    return false;
                }

                @Override
                public CompletionStage<Void> here() {
                    return CompletableFuture.completedFuture(null);
                }
            };
        }

        @Bean
        DeliveryHandler decisions(JdbcClient database, org.springframework.core.env.Environment settings) {
            Mode mode = settings.getRequiredProperty("mode", Mode.class);
            return new DeliveryHandler() {
                @Override
                public String kind() {
                    return DECISION;
                }

                @Override
                public Outcome deliver(Delivery delivery) {
                    database.sql("insert into test_effect (decision) values (?)")
                            .param(delivery.body().path("decision").asLong())
                            .update();
                    if (mode == Mode.IN_EFFECT) {
                        standStill();
                    }
                    return Outcome.DONE;
                }
            };
        }

        /** Of another kind, as the site writes them. */
        @Bean
        DeliveryHandler notices(JdbcClient database) {
            return new DeliveryHandler() {
                @Override
                public String kind() {
                    return NOTICE;
                }

                @Override
                public Outcome deliver(Delivery delivery) {
                    database.sql("""
                            insert into notification_notice (account_id, kind, text, link, created_at)
                            select min(id), 'DECISION', ?, '/decisions', now() from account
                            """).param(delivery.target()).update();
                    return Outcome.DONE;
                }
            };
        }

        /** A site of which nobody changed anything. */
        @Bean
        SiteSettings site() {
            return new SiteSettings() {
                @Override
                public String text(Setting setting) {
                    return setting.otherwise();
                }

                @Override
                public boolean waitsForRestart(Setting setting) {
                    return false;
                }

                @Override
                public boolean change(Setting setting, String value, Actor actor) {
                    return false;
                }

                @Override
                public Set<Setting> change(Map<Setting, String> values, Actor actor) {
                    return values.keySet();
                }
            };
        }

        @Bean
        DeliveryHandler mails(
                MailServer server,
                MailTokens tokens,
                MessageSource texts,
                SiteSettings site,
                org.springframework.core.env.Environment settings) {
            Mode mode = settings.getRequiredProperty("mode", Mode.class);
            MailDelivery mails = new MailDelivery(server, tokens, texts, site);
            return new DeliveryHandler() {
                @Override
                public String kind() {
                    return mails.kind();
                }

                @Override
                public boolean inDatabase() {
                    return mails.inDatabase();
                }

                @Override
                public Outcome deliver(Delivery delivery) {
                    Outcome outcome = mails.deliver(delivery);
                    if (mode == Mode.AFTER_MAIL) {
                        standStill();
                    }
                    return outcome;
                }
            };
        }

        /** Decides before the queue is there, so that nothing is carried out when it stands still here. */
        @Bean
        SmartLifecycle beforeTheQueue(
                ObjectProvider<Decisions> decisions, org.springframework.core.env.Environment settings) {
            return new SmartLifecycle() {
                @Override
                public void start() {
                    if (settings.getRequiredProperty("mode", Mode.class) == Mode.BEFORE_EFFECT) {
                        decisions.getObject().decide(true);
                        standStill();
                    }
                }

                @Override
                public void stop() {
                    // Nothing runs.
                }

                @Override
                public boolean isRunning() {
                    return false;
                }

                @Override
                public int getPhase() {
                    return 0;
                }
            };
        }

        @Bean
        Decisions decider(JdbcClient database, TransactionTemplate transaction, Deliveries deliveries) {
            return new Decisions(database, transaction, deliveries);
        }
    }

    /** Decisions that stand together with what follows from them. */
    record Decisions(JdbcClient database, TransactionTemplate transaction, Deliveries deliveries) {
        void decide(boolean mail) {
            transaction.executeWithoutResult(_ -> {
                long decision = database.sql("insert into test_decision (mail) values (?) returning id")
                        .param(mail)
                        .query(Long.class)
                        .single();
                deliveries.enqueue(DECISION, "#" + decision, Map.of("decision", decision), "decision:" + decision);
                deliveries.enqueue(NOTICE, "#" + decision, Map.of(), "notice:" + decision);
                if (mail) {
                    long account = database.sql("select min(id) from account")
                            .query(Long.class)
                            .single();
                    deliveries.enqueue(
                            MailDelivery.KIND,
                            "anna",
                            new MailDelivery.Mail(account, MailPurpose.RESET, "en", 0),
                            "mail:" + decision);
                }
            });
        }
    }

    private static void say(String what) {
        System.out.println(what);
    }

    private static void standStill() {
        say(STANDS);
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The same parts without a process of their own. */
    static AnnotationConfigApplicationContext context(
            TestDatabase.Place place, String smtp, Mode mode, Class<?>... more) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "arguments",
                        Map.of(
                                "url",
                                place.url(),
                                "username",
                                place.username(),
                                "password",
                                place.password(),
                                "smtp",
                                smtp,
                                "mode",
                                mode.name(),
                                "millrace.mail.from",
                                "no-reply@example.org",
                                "spring.mail.host",
                                "127.0.0.1",
                                "millrace.delivery.heartbeat",
                                "500ms")));
        context.register(Parts.class);
        if (more.length > 0) {
            context.register(more);
        }
        context.refresh();
        return context;
    }

    /** Address, user and password of the database, the mail server's port, the mode. */
    public static void main(String[] arguments) {
        Mode mode = Mode.valueOf(arguments[4]);
        AnnotationConfigApplicationContext context =
                context(new TestDatabase.Place(arguments[0], arguments[1], arguments[2]), arguments[3], mode);
        say(READY);
        Decisions decisions = context.getBean(Decisions.class);
        if (mode == Mode.IN_EFFECT || mode == Mode.AFTER_MAIL) {
            decisions.decide(true);
        }
        for (long number = 0; mode == Mode.WORK; number++) {
            decisions.decide(number % PER_MAIL == 0);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
