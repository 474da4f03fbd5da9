package dev.throughline.cli;

import io.quarkus.runtime.annotations.RegisterForReflection;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code throughline}: each command says what it does with {@code --help}. */
@RegisterForReflection
@Command(
        name = "throughline",
        description = "A gateway for the logs and spans of CRM and ERP connectors that loses nothing it acknowledged.",
        mixinStandardHelpOptions = true,
        version = "throughline 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            JourneyCommand.class,
            MaskCommand.class,
            ContractCommand.class,
            PolicyCommand.class,
            StoreCommand.class,
            BenchCommand.class,
            TortureCommand.class,
            CommandLine.HelpCommand.class
        })
public final class ThroughlineCommand {}
