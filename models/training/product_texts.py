"""Sentence templates with products, services and teams, whose names read like persons'.

Names of software, shops, devices and dishes occur in the same positions as names of persons, and many are
forenames or places ("Cassandra", "Jenkins", "Jordan sneakers"). Of these spans only companies have a label.
"""

from __future__ import annotations

from typing import Final

PRODUCTS: Final = """Okta;Jira;Confluence;Grafana;Prometheus;Kafka;Gradle;Ansible;Terraform;Vault;Consul;
Nomad;Kibana;Datadog;Splunk;Sentry;PagerDuty;Opsgenie;Figma;Miro;Notion;Trello;Asana;Airtable;Webex;Teams;
SharePoint;OneDrive;Dropbox;Box;Drive;Docs;Sheets;Word;Excel;Access;Outlook;Thunderbird;Exchange;
Active Directory;Azure AD;Entra;Intune;Citrix;Horizon;Parallels;Ubuntu;Debian;Fedora;Big Sur;Focal;Lollipop;
Oreo;Marshmallow;Vista;Edge;Opera;Tor;Siri;Cortana;Bixby;Copilot;Perl;Rust;Elixir;Haskell;Django;Flask;
Laravel;Rails;Redis;Mongo;Maria DB;Oracle;Snowflake;Looker;Tableau;Power BI;Marketo;HubSpot;Intercom;
Freshdesk;Zendesk;Gorgias;Salesforce;Workday;Gusto;Rippling;Concur;NetSuite;QuickBooks;Xero;Klarna;Adyen;
Venmo;Zelle;Cash App;Revolut;Monzo;Stripe;Square;Sonos;Roku;Fitbit;Garmin;Kindle;Paperwhite;Pixel 7;
Galaxy S23;Echo;Nest;Ring;Blink;Arlo;Wyze;Hue;Roomba;Nespresso;Vertuo;Keurig;Vitamix;Instant Pot;Ninja;
Tefal;Philips;Braun;Oral-B;Switch;Steam Deck;Fire Stick;Chromecast;Apple TV;Hulu;Disney Plus;Peacock;Prime;
Audible;Tidal;Pandora;Deezer;Twitch;Discord;Reddit;TikTok;Snapchat;WhatsApp;Signal;Telegram;Messenger;
Uber Eats;DoorDash;Instacart;Lyft;Bolt;Lime;Ola;Swiggy;Zomato;Flipkart;Etsy;eBay;Wayfair;Ikea;Best Buy;
Home Depot;Target;Kohl's;Macy's;Sephora;Zara;Mango;Primark;Aldi;Lidl;Kallax;Hemnes;Earl Grey;Caesar;
Margherita;Reuben;Eton mess;Granny Smith;Dr Pepper;Ben and Jerry's;Wrangler;Lexus;Dacia;Skoda;Astra;Fiesta;
Polo;Golf;Leaf;Atlas;Titan;Mercury;Apollo 11;Safe Harbor;Golden Gate;First Class;Comfort Plus;Tesco;Miele;
Malm;Levi's"""

NAMESAKES: Final = """Cassandra;Jenkins;Maven;Henry;Jordan;Julia;Crystal;Ruby;Pearl;Ada;Alexa;Luna;Stella;
Aurora;Nova;Phoenix;Max;Claude;Watson;Einstein;Gemini;Tom Collins;Shirley Temple;Jack Daniels;
Johnnie Walker;Sara Lee;Tommy Hilfiger;Calvin Klein;Ralph Lauren;Charles Tyrwhitt;Zoe;Clio;Giulia;Octavia;
Mercedes;Dyson;Swift;Scala;Apollo;Sierra;Monterey;Sonoma;Ventura;Catalina;Jammy;Buster;Brave;Sage;
Bloody Mary;Victoria sponge;Ella;Billy;Wise"""
"""Products named like a forename, a surname or a city, used only in sentences that leave no doubt."""

GOODS: Final = """dress;sofa;chair;armchair;lamp;bookcase;sneakers;trainers;backpack;mattress;desk;table;
rug;hoodie;jacket;boots;watch;necklace;handbag;collection;bundle;hoover;vacuum;kettle;toaster;blender;doll;
pram;stroller;tent;bike;helmet;jeans;shirt;bra;perfume;lipstick;shade;curtains;wardrobe;mirror;theme;
template;plan;package;edition;release;server;cluster;plugin;module;node;job;salad;burger;roll;cake;blend"""

TEAMS: Final = """Billing;QA;Finance;Support;Engineering;Level 2;Tier 1;Logistics;Warehouse;Legal;Marketing;
Sales;IT;HR;Security;DevOps;Onboarding;Returns;Fraud;Compliance;Accounts Payable;Operations;Dispatch;
Reception;Payroll;Procurement;Facilities;Product;Design;Customer Care;Back Office;the night shift;
Automation;System;Admin;Bot;Webhook;Helpdesk;Claims;Underwriting;Triage;Pharmacy;Radiology;Front Desk"""

PRODUCT_TEXTS: Final = [
    "The {namesake} app shows a wrong level.",
    "The {namesake} cluster and the {namesake} nodes are down.",
    "The {namesake} pipeline is stuck at the build stage.",
    "the {namesake} plugin is broken since the update",
    "My {namesake} {good} came in the wrong size.",
    "The {product} {good} and the {namesake} {good} are both broken.",
    "One {namesake} cocktail and two {product} please.",
    "Install {namesake} {code} and restart the server.",
    "{namesake} {code} does not compile on {product}.",
    "Does the {namesake} app support {product}?",
    "I drive a {namesake}, the Bluetooth does not work.",
    "Alexa, play music.",
    "Ask Alexa to switch on the lights.",
    "alexa does not answer and the echo is offline",
    "I upgraded my Mac from {namesake} and {product} crashes.",
    "The {namesake} speaker talks to {given} but not to me.",
    "{given} installed the {namesake} plugin.",
    "{product} keeps asking me to sign in.",
    "I logged into the portal but {product} shows an error.",
    "I logged into {product} and nothing happened",
    "The {product} integration fails with {code}.",
    "Our {product} board and the {product} page are out of date.",
    "{product} and {product} are both down.",
    "{product} shows a spike, {product} has no data.",
    "Can you connect {product} to {product}?",
    "Ask {product} to play music.",
    "{product} says something went wrong",
    "hey {product} does not work",
    "{product} the chatbot gave me a wrong answer.",
    "The {product} app crashes since {date}.",
    "Is {product} covered by the warranty?",
    "I upgraded from {product} to {product}.",
    "My {product} won't pair with my {product}.",
    "I pay with {product} every month.",
    "I was charged by {product} twice.",
    "{product} says declined",
    "i want to cancel my {product}",
    "how do i cancel {product}",
    "the {product} website is down",
    "my {product} remote is dead",
    "does {product} support this?",
    "Do you work with {product}, {product} or {product}?",
    "{product}, {product} and {product} work but {product} does not.",
    "Reported by {team}.",
    "Assigned to {team}",
    "Owner: {team}",
    "Agent: {team}",
    "Closed by {team} on {date}.",
    "Escalate this to {team} please.",
    "{team} will look at it {date}.",
    "Ask {team} about the refund of {amount}.",
    "Thank you, {team}",
    "Hi {team}, the invoice is wrong.",
    "The {named_good} is out of stock.",
    "The {named_good} in Navy came in the wrong size.",
    "I ordered the {named_good} and a {named_good}.",
    "my {named_good} broke after a week",
    "where is my {named_good}",
    "One {product} and two {product} please.",
    "The {product} {good} makes a noise.",
    "Our {product} cluster is slow.",
    "The {product} pipeline is stuck at the {product} stage.",
    "{product} build fails on {product} {code}.",
    "Product: {product}",
    "Product: {named_good}",
    "Device: {product}",
    "Plan: {product}",
    "Source: {product}",
    "Channel: {product}",
    "Tags: {product}, {product}, {product}",
    "Via {product}",
    "{company} has not shipped my {product}.",
    "i bought it at {company}",
    "does {company} charge for this",
    "Shares of {company} rose after {company} said it would buy {company}.",
    "{company} sued {company} in {date}.",
    "A spokesman for {company} declined to comment.",
    "The deal between {company} and {company} was signed in {city}.",
    "{company}'s new {product} costs {amount}.",
    "I have an account with {company}, not with {company}.",
    "Order from {company} via {product}",
    "{given} uses {product} at {company}.",
    "{given} from {team} told me to reset {product}.",
    "{person} cannot log in to {product}.",
    "Ask {given}, not {product}.",
    "{product} sent the code to {given}.",
    "please add {given} {surname} to {product}",
    "{given} ordered the {named_good}",
    "Assigned to {simple_name} ({team})",
    "Reported by {given}, {team}",
    "{product} locked {person} out {date}.",
    "The {product} license of {simple_name} expires on {date}.",
    "{given} says {product} is slow, {given} says it is fine.",
]
