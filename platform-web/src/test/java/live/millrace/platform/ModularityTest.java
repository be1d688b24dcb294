// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.persistence.Entity;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.repository.Repository;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.event.TransactionalApplicationListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.web.bind.annotation.ControllerAdvice;

/** The features' borders, as their package-infos declare them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModularityTest {
    private final JavaClasses site = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("live.millrace.platform");

    @Test
    void featuresUseOnlyWhatTheyDeclare() {
        // verify() says it once for each process, so that whoever tries again is told that all is well.
        ApplicationModules.of(PlatformApplication.class).detectViolations().throwIfPresent();
    }

    /** An index of recordings is the engine's own words from end to end: its port is written against where its tables are. */
    @Test
    void onlyTheEnginePackageSpeaksToTheEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "live.millrace.platform.engine..", "live.millrace.platform.recording.internal..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("live.millrace.media..")
                .check(site);
        noClasses()
                .that()
                .resideInAPackage("live.millrace.platform.recording..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "live.millrace.media.server..", "live.millrace.media.hub..", "live.millrace.media.endpoint..")
                .check(site);
    }

    /** docs/adr/0032-threads-of-the-platform.md: whoever loads a class on a virtual thread may wait for one that has no carrier. */
    @Test
    void noThreadIsVirtual() {
        noClasses()
                .should()
                .callMethod(Thread.class, "ofVirtual")
                .orShould()
                .callMethod(Thread.class, "startVirtualThread", Runnable.class)
                .orShould()
                .callMethod(Executors.class, "newVirtualThreadPerTaskExecutor")
                .check(site);
    }

    /** A task that waits, for the database or a disk, holds up no other one. */
    @Test
    void everyScheduledTaskHasAThread() {
        long tasks = site.stream()
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.isAnnotatedWith(Scheduled.class))
                .count();
        YamlPropertiesFactoryBean settings = new YamlPropertiesFactoryBean();
        settings.setResources(new ClassPathResource("application.yml"));
        assertThat(settings.getObject())
                .extractingByKey("spring.task.scheduling.pool.size")
                .asInstanceOf(InstanceOfAssertFactories.INTEGER)
                .isGreaterThanOrEqualTo(Math.toIntExact(tasks));
    }

    /**
     * A function that is called with a part of a map locked asks no database: a slow one would hold up whoever else wants that
     * part. What is fetched belongs into a FetchedCache; the classes named here count, or make something empty.
     */
    @Test
    void nothingIsFetchedInsideOfAMap() {
        Set<String> harmless = Set.of(
                "ContentController",
                "PageSocketHandler",
                "MessageWriter",
                "WordMatcher",
                "FloodWatch",
                "Thumbnails",
                "TrialQuota",
                "MailBudget",
                "FiledReports",
                "ApiRateLimit",
                "Limits",
                "SignInTries",
                "NetworkTries",
                "TalkLimits",
                "SuspendedController",
                "SocketTokens",
                "FollowImport",
                "InviteTries",
                "ClientShare",
                "ClipLimit",
                "SocketShare",
                "UploadQuota",
                "VideoRows",
                "VideoViews",
                "Visits");
        Set<String> locking = Set.of("compute", "computeIfAbsent", "computeIfPresent", "merge");
        DescribedPredicate<JavaMethodCall> lockedCall =
                DescribedPredicate.describe("a function inside of a map", call -> {
                    JavaClass owner = call.getTargetOwner();
                    boolean map = owner.isAssignableTo(Map.class) && locking.contains(call.getName());
                    boolean loader = call.getTarget().getRawParameterTypes().stream()
                            .anyMatch(type -> type.isAssignableTo(Function.class));
                    return map
                            || owner.isAssignableTo(LoadingCache.class)
                            || (owner.isAssignableTo(Cache.class) && loader);
                });
        noClasses()
                .that(DescribedPredicate.describe(
                        "do more than count", type -> !harmless.contains(type.getSimpleName())))
                .should()
                .callMethodWhere(lockedCall)
                .check(site);
    }

    @Test
    void controllersStandInWeb() {
        classes()
                .that()
                .areMetaAnnotatedWith(Controller.class)
                .or()
                .areAnnotatedWith(ControllerAdvice.class)
                .should()
                .resideInAPackage("..web..")
                .check(site);
    }

    /** The rooms of one feature know those before them, and nobody behind them. */
    @Test
    void roomsOfAFeatureFormNoCircle() {
        slices().matching("live.millrace.platform.*.internal.(*)..")
                .should()
                .beFreeOfCycles()
                .check(site);
        slices().matching("live.millrace.platform.chat.(**)")
                .should()
                .beFreeOfCycles()
                .check(site);
    }

    @Test
    void repositoriesEntitiesAndControllersAreNotPublic() {
        classes()
                .that()
                .areAssignableTo(Repository.class)
                .or()
                .areAnnotatedWith(Entity.class)
                .or()
                .areAnnotatedWith(Controller.class)
                .should()
                .notBePublic()
                .check(site);
    }

    /**
     * What is done after a commit by hand is done in a transaction that is over, and what it writes is lost. {@code
     * TransactionalEventListener} and {@code AfterCommit} are led out of it.
     */
    @Test
    void nothingComesAfterACommitByHand() {
        noClasses()
                .that()
                .resideOutsideOfPackage("live.millrace.platform.shared")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(TransactionSynchronization.class)
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(TransactionSynchronizationManager.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(TransactionalApplicationListener.class)
                .check(site);
    }
}
