// Rust's jsonwebtoken: jsonwebtoken ALG KEY TOKENS ISSUER AUDIENCE. Prints "COUNT ACCEPTED SECONDS", of processor time.
use jsonwebtoken::{decode, Algorithm, DecodingKey, Validation};
use std::{env, fs};

extern "C" {
    fn clock() -> std::os::raw::c_long; // microseconds of processor time (POSIX)
}

fn main() {
    let args: Vec<String> = env::args().skip(1).collect();
    let bytes = fs::read(&args[1]).expect("the key");
    let (algorithm, key) = match args[0].as_str() {
        "HS256" => (Algorithm::HS256, DecodingKey::from_secret(&bytes)),
        "RS256" => (Algorithm::RS256, DecodingKey::from_rsa_pem(&bytes).expect("an RSA key")),
        "ES256" => (Algorithm::ES256, DecodingKey::from_ec_pem(&bytes).expect("an EC key")),
        _ => (Algorithm::EdDSA, DecodingKey::from_ed_pem(&bytes).expect("an Ed25519 key")),
    };
    let text = fs::read_to_string(&args[2]).expect("the tokens");
    let tokens: Vec<&str> = text.lines().collect();
    let mut validation = Validation::new(algorithm);
    validation.set_issuer(&[&args[3]]);
    validation.set_audience(&[&args[4]]);
    let start = unsafe { clock() };
    let accepted = tokens
        .iter()
        .filter(|token| decode::<serde_json::Value>(token, &key, &validation).is_ok())
        .count();
    let spent = unsafe { clock() } - start;
    println!("{} {} {:.6}", tokens.len(), accepted, spent as f64 / 1e6);
}
