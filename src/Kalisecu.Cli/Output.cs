using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf;
using Spectre.Console;

namespace Kalisecu.Cli;

/// <summary>A column of a table for people.</summary>
internal sealed record Column<T>(string Title, Func<T, string> Text, bool IsNumber = false);

/// <summary>What a command says: tables for people, or with <c>--json</c> one JSON object a line for programs.</summary>
internal sealed class Output(bool json, TextWriter results, TextWriter messages)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private static readonly JsonFormatter Messages = new(
        JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithFormatDefaultValues(true)
    );

    public bool IsJson { get; } = json;

    /// <summary>For people, with colours only where a terminal shows them and nobody asked for none.</summary>
    public IAnsiConsole Console { get; } = For(results);

    /// <summary>Progress and errors, apart from the results.</summary>
    public IAnsiConsole Errors { get; } = For(messages);

    /// <summary>A list: a table, or one object a line.</summary>
    public void Rows<T>(IEnumerable<T> rows, params IReadOnlyList<Column<T>> columns)
    {
        if (IsJson)
        {
            foreach (var row in rows)
            {
                Line(row);
            }

            return;
        }

        var table = new Table { Border = Console.Profile.Out.IsTerminal ? TableBorder.Rounded : TableBorder.None };
        foreach (var column in columns)
        {
            var header = new TableColumn(new Text(column.Title, new Style(decoration: Decoration.Bold)));
            table.AddColumn(column.IsNumber ? header.RightAligned() : header);
        }

        foreach (var row in rows)
        {
            table.AddRow(columns.Select(column => new Text(Show.Safe(column.Text(row)))));
        }

        Console.Write(table);
    }

    /// <summary>A list that comes page by page: to programs each row goes out as it comes.</summary>
    public async Task<int> RowsAsync<T>(
        IAsyncEnumerable<T> rows,
        IReadOnlyList<Column<T>> columns,
        CancellationToken cancellationToken
    )
    {
        var count = 0;
        if (IsJson)
        {
            await foreach (var row in rows.WithCancellation(cancellationToken))
            {
                Line(row);
                count++;
            }

            return count;
        }

        var all = await rows.ToListAsync(cancellationToken);
        Rows(all, columns);
        return all.Count;
    }

    /// <summary>One thing: its properties one below the other, or one object.</summary>
    public void Item<T>(T item, params IReadOnlyList<Column<T>> properties)
    {
        if (IsJson)
        {
            Line(item);
            return;
        }

        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var property in properties)
        {
            grid.AddRow(
                new Text(property.Title, new Style(decoration: Decoration.Bold)),
                new Text(Show.Safe(property.Text(item)))
            );
        }

        Console.Write(grid);
    }

    /// <summary>A sentence for people; programs do not see it.</summary>
    public void Say(string text)
    {
        if (!IsJson)
        {
            Console.WriteLine(text);
        }
    }

    /// <summary>A word beside the results, not part of them; programs do not see it.</summary>
    public void Hint(string text)
    {
        if (!IsJson)
        {
            Errors.WriteLine(text);
        }
    }

    /// <summary>Text as it is, such as a script or a certificate, without wrapping or colour.</summary>
    public void Raw(string text) => results.Write(text);

    /// <summary>One JSON object on one line.</summary>
    public void Line<T>(T item) =>
        results.WriteLine(item is IMessage message ? Messages.Format(message) : JsonSerializer.Serialize(item, Json));

    private static IAnsiConsole For(TextWriter writer)
    {
        var output = new AnsiConsoleOutput(writer);
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = output,
                Ansi = output.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
                ColorSystem = output.IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            }
        );
        if (!output.IsTerminal)
        {
            // A pipe has no width: nothing is wrapped or cut for the next program.
            console.Profile.Width = 500;
        }

        return console;
    }
}
