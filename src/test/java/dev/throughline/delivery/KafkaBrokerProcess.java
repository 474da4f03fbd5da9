package dev.throughline.delivery;

import java.nio.file.Files;
import java.nio.file.Path;

/** The broker's own process: formats its directory the first time, then runs until it is ended. */
public final class KafkaBrokerProcess {
    private KafkaBrokerProcess() {}

    public static void main(String[] args) {
        QuietKafka.apply();
        Path directory = Path.of(args[0]);
        String properties = directory.resolve("server.properties").toString();
        if (!Files.exists(directory.resolve("data").resolve("meta.properties"))) {
            String[] format = {"format", "-t", "AAAAAAAAQACAAAAAAAAAAQ", "-c", properties};
            int code = kafka.tools.StorageTool.execute(format, System.out);
            if (code != 0) {
                System.exit(code);
            }
        }
        kafka.Kafka.main(new String[] {properties});
    }
}
