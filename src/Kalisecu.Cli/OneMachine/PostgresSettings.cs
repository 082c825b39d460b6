using System.Globalization;
using System.Text;
using Kalisecu.Backups;

namespace Kalisecu.Cli.OneMachine;

/// <summary>How a private PostgreSQL is to run.</summary>
internal sealed record PostgresSettings(PostgresFiles Files, int Port)
{
    /// <summary>False only for tests that lose nothing when the machine stops.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>What stores each finished piece of the log elsewhere; null where nothing does.</summary>
    public string? ArchiveCommand { get; init; }

    /// <summary>
    /// Settings of glibc's allocator, in bytes, that postgresql.conf cannot hold. By default each statement's memory goes back to
    /// the kernel at its end and is asked for again by the next, which was 40 % of the work of writing log entries: each way costs
    /// page faults and an interrupt to the other processors (docs/benchmarks.md, Calls).
    /// </summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MALLOC_TOP_PAD_"] = "1048576",
            ["MALLOC_TRIM_THRESHOLD_"] = "67108864",
        };

    /// <summary>The whole of postgresql.conf: ours alone, so that two machines never differ.</summary>
    public string ConfigurationFile()
    {
        var text = new StringBuilder("# Written at every start by kalisecu; changes here are lost.\n");
        void Set(string name, string value) =>
            text.Append(
                CultureInfo.InvariantCulture,
                $"{name} = '{value.Replace("'", "''", StringComparison.Ordinal)}'\n"
            );

        Set("listen_addresses", "127.0.0.1");
        Set("port", Port.ToString(CultureInfo.InvariantCulture));
        Set("unix_socket_directories", Files.HasSocket(Port) ? Files.SocketFolder : "");
        Set("max_connections", "200");
        Set("password_encryption", "scram-sha-256");
        Set("ssl", "on");
        Set("ssl_cert_file", "kalisecu.crt");
        Set("ssl_key_file", "kalisecu.key");
        Set("ssl_min_protocol_version", "TLSv1.2");

        // Modest: on one machine the server and the scanners want memory too.
        Set("shared_buffers", "256MB");
        Set("work_mem", "16MB");
        Set("maintenance_work_mem", "128MB");
        Set("max_wal_size", "2GB");
        Set("checkpoint_completion_target", "0.9");
        Set("wal_compression", "lz4");
        Set("random_page_cost", "1.1");

        // Short statements are all we have; compiling them costs more than it saves.
        Set("jit", "off");
        Set("timezone", "UTC");
        Set("log_timezone", "UTC");

        Set("logging_collector", "on");
        Set("log_directory", Files.LogFolder);
        Set("log_filename", "postgres-%a.log");
        Set("log_truncate_on_rotation", "on");
        Set("log_rotation_age", "1d");
        Set("log_rotation_size", "0");
        Set("log_file_mode", "0640");
        Set("log_line_prefix", "%m [%p] %q%u@%d ");
        Set("log_lock_waits", "on");
        Set("log_checkpoints", "off");

        // A statement's parameters are contents; they are never logged, neither with the statement nor with an error.
        Set("log_parameter_max_length", "0");
        Set("log_parameter_max_length_on_error", "0");

        if (ArchiveCommand is not null)
        {
            Set("archive_mode", "on");
            Set("archive_command", ArchiveCommand);
            // A piece that is not full goes all the same: what is lost with this machine is a minute at most.
            Set("archive_timeout", $"{BackupSchedule.LosesAtMostSeconds}s");
        }

        if (!Durable)
        {
            Set("fsync", "off");
            Set("synchronous_commit", "off");
            Set("full_page_writes", "off");
        }

        return text.ToString();
    }

    /// <summary>Passwords everywhere, TLS on every TCP connection, nobody from another machine.</summary>
    public static string AccessFile() =>
        """
            # Written at every start by kalisecu; changes here are lost.
            local    all  all                scram-sha-256
            hostssl  all  all  127.0.0.1/32  scram-sha-256

            """;
}
