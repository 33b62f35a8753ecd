//! The command line.

use clap::{Args, Parser, Subcommand};
use mandi::app::commands;
use std::process::ExitCode;

/// Mandi, a vendor ERP portal: one program, one PostgreSQL.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

/// How to listen.
#[derive(Args, Clone, Copy)]
struct Serve {
    /// Port to listen on (else MANDI_PORT, else PORT, else 8080).
    #[arg(long, global = true)]
    port: Option<u16>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve, with the database and settings of the environment.
    Serve,
    /// Serve with demo data, loaded once (this is what plain `mandi` does).
    Demo,
    /// Bring the database to the shape that this program knows.
    Migrate,
    /// Prove the books: run every check and say what does not agree.
    Verify {
        /// Only this company's, by the word after /c/ in its addresses.
        #[arg(long)]
        company: Option<String>,
    },
    /// Print a database URL for psql.
    DbUrl,
    /// Platform admins.
    Admin {
        #[command(subcommand)]
        command: Admin,
    },
    /// Show what waits in the background and what failed.
    Jobs,
    /// Write docs/data-dictionary.md from the comments on tables and columns.
    Schema,
}

#[derive(Subcommand)]
enum Admin {
    /// Make a platform admin; asks for the password, or reads it from standard input.
    Create {
        /// E-mail to sign in with.
        #[arg(long)]
        email: String,
        /// Name.
        #[arg(long)]
        name: String,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let port = cli.serve.port;
    let outcome = match cli.command.unwrap_or(Command::Demo) {
        Command::Serve => commands::serve(port),
        Command::Demo => commands::demo(port),
        Command::Migrate => commands::migrate(),
        Command::Verify { company } => commands::verify(company.as_deref()),
        Command::DbUrl => commands::db_url(),
        Command::Admin {
            command: Admin::Create { email, name },
        } => commands::admin_create(&email, &name),
        Command::Jobs => commands::jobs(),
        Command::Schema => commands::schema(),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            // One line, in the reader's words; the log has the rest. PostgreSQL says some things in several lines.
            let words = error.to_string();
            let line: Vec<&str> = words.split_whitespace().collect();
            eprintln!("mandi: {}", line.join(" "));
            ExitCode::FAILURE
        }
    }
}
