package dev.throughline.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.throughline.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreIdentityTest {
    @TempDir
    Path data;

    private Path store;

    @BeforeEach
    void startedOnce() {
        StoreIdentity.check(data);
        store = data.resolve("store");
    }

    private void isRefused(String code) {
        assertThatThrownBy(() -> StoreIdentity.check(data))
                .isInstanceOfSatisfying(
                        StartupException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(store.toString());
    }

    private Path away() throws IOException {
        return Files.move(store, data.resolve("away"));
    }

    @Test
    void theSameStoreIsTakenAgain() {
        assertThatCode(() -> StoreIdentity.check(data)).doesNotThrowAnyException();
        assertThat(store.resolve("id")).hasSameBinaryContentAs(data.resolve("run/store.id"));
    }

    @Test
    void aStoreThatIsGoneEndsTheStart() throws IOException {
        away();
        isRefused("store_missing");
        assertThat(store).doesNotExist();
    }

    @Test
    void anEmptyPlaceWhereItWasMountedEndsTheStart() throws IOException {
        away();
        Files.createDirectory(store);
        isRefused("store_missing");
        assertThat(store).isEmptyDirectory();
    }

    @Test
    void aFileOrALinkInItsPlaceEndsTheStart() throws IOException {
        away();
        Files.createFile(store);
        isRefused("store_missing");
        Files.delete(store);
        Files.createSymbolicLink(store, data.resolve("nowhere"));
        isRefused("store_missing");
        Files.delete(store);
        Files.createSymbolicLink(store, store);
        isRefused("store_missing");
    }

    @Test
    void anotherStoreEndsTheStart() throws IOException {
        Path other = data.resolve("other");
        StoreIdentity.check(other);
        away();
        Files.move(other.resolve("store"), store);
        isRefused("store_foreign");
    }

    @Test
    void aDamagedIdEndsTheStart() throws IOException {
        Files.write(store.resolve("id"), new byte[0]);
        isRefused("store_foreign");
    }

    @Test
    void whoGivesItUpStartsWithANewOne() throws IOException {
        away();
        Files.delete(data.resolve("run/store.id"));
        StoreIdentity.check(data);
        assertThat(store.resolve("id")).hasSameBinaryContentAs(data.resolve("run/store.id"));
    }

    @Test
    void aStoreWithoutAnIdIsAdopted() throws IOException {
        Files.delete(store.resolve("id"));
        Files.delete(data.resolve("run/store.id"));
        Files.createDirectory(store.resolve("operational.logs"));
        StoreIdentity.check(data);
        assertThat(store.resolve("id")).hasSameBinaryContentAs(data.resolve("run/store.id"));
    }
}
